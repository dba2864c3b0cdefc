"""Tells operators that detection is behind."""
