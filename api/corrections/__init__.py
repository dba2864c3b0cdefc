"""Answers, marks and reviews: the paper a student writes on, what people decide, and the result."""

from api.corrections.router import lifespan, router

__all__ = ["lifespan", "router"]
