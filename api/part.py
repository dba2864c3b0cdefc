"""The six parts: each is a package `api/<part>` with `router`, and `lifespan` where it owns resources."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from importlib import import_module

from fastapi import APIRouter

from api.context import Context
from schema.settings import Part

ALL_PARTS = frozenset(Part)

Lifespan = Callable[[Context], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class LoadedPart:
    """A part's routes, and what it opens before the first request and closes after the last."""

    part: Part
    router: APIRouter
    lifespan: Lifespan


def load_part(part: Part) -> LoadedPart:
    """Import the part's package."""
    package = import_module(f"api.{part}")
    return LoadedPart(part, package.router, getattr(package, "lifespan", _nothing))


@asynccontextmanager
async def _nothing(_context: Context) -> AsyncIterator[None]:
    yield
