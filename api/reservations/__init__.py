"""Exams, slots and attempts: what can be reserved, and everything people can ask of an attempt."""

from api.reservations.router import router

__all__ = ["router"]
