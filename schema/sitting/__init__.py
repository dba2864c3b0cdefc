"""Sittings: how many a student may start, which one counts, and when right answers are shown."""
