"""Exams, slots and attempts: what can be reserved, and everything people can ask of an attempt."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.context import Context
from api.reservations.circumstance import PolicyShelf
from api.reservations.router import router


@asynccontextmanager
async def lifespan(context: Context) -> AsyncIterator[None]:
    """Policies of exams' versions are read once."""
    context.keep(PolicyShelf, PolicyShelf())
    yield


__all__ = ["lifespan", "router"]
