"""The routes of this part, and the hub that runs while they are served."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.context import Context
from api.notifications import bell, live, outbox
from api.notifications.hub import Hub

router = bell.router  # whose list stands at the part's own path
router.include_router(live.router)
router.include_router(outbox.router)


@asynccontextmanager
async def lifespan(context: Context) -> AsyncIterator[None]:
    """One hub per process looks for new notifications of everybody who is connected to it."""
    hub = Hub(context.databases.notifications, context.databases.users, context.clock)
    context.keep(Hub, hub)
    async with hub.running():
        yield
