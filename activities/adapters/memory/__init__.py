"""The in-memory twins of the ports: classes we own, for tests and for small set-ups."""
