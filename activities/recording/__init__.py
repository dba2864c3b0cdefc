"""Exports recordings as videos into the lake."""
