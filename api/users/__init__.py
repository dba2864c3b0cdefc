"""People: registering, signing in and out, passwords, roles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.context import Context
from api.users.demo import ensure_demo_accounts
from api.users.router import router

__all__ = ["lifespan", "router"]


@asynccontextmanager
async def lifespan(context: Context) -> AsyncIterator[None]:
    """On a development machine there are demo accounts."""
    if context.settings.demo_accounts:
        await ensure_demo_accounts(context.databases, context.passwords)
    yield
