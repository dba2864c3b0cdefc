"""Workflows that are not as their rows say: found, shown, and repaired."""
