"""The registry of models in the lake."""
