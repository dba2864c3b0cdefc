"""The sentences of refusals in the reader's language."""
