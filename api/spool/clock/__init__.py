"""Times on an API node: its own clock, which never jumps, and what browsers claim."""
