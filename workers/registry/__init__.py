"""The registry of models: what workers load from it, and the commands that fill it."""
