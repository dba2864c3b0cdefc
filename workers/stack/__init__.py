"""The engines of the full platform as ordinary processes on this machine, for tests and trials (docs/stack.md)."""
