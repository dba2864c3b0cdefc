"""Outages of the platform: what each part recorded of its own service, and what an attempt lost by it."""
