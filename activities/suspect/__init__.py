"""Frames that a worker process died of."""
