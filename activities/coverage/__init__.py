"""Measures how much of an attempt was watched."""
