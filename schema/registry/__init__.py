"""The registry of models: what a version is, what it is made of, and which one new attempts are watched with."""
