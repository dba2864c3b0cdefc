"""The part's routes, and the spool that they share while the application serves."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import APIRouter

from activities.adapters.sql.conversation_book import SqlConversationBook
from activities.adapters.temporal import TemporalSignaller
from api.access.standing import standings
from api.context import Context
from api.monitoring import (
    alert,
    coverage,
    desk,
    feed,
    frame,
    glimpse,
    hand,
    incident,
    message,
    presence,
    stream,
    ticket,
    wall,
)
from api.monitoring.news import News
from api.monitoring.recording import routes as recording
from api.spool.running import RunningSpool, open_spool
from schema.db.session import Database
from schema.role import Role

router = APIRouter()
routed = (
    ticket, stream, presence, coverage, incident, frame, recording, wall, desk, alert, glimpse, message, hand, feed,
)  # fmt: skip
for module in routed:
    router.include_router(module.router)


@asynccontextmanager
async def lifespan(context: Context) -> AsyncIterator[None]:
    """Open the node's spool, listen for news of conversations, and hand both to the routes."""

    async def revoked(sessions: Collection[UUID]) -> Collection[UUID]:
        return await sessions_without_student(context.databases.users, sessions)

    opening = open_spool(
        context.settings,
        context.databases.monitoring,
        context.store,
        TemporalSignaller(context.temporal),
        revoked,
        context.now,
    )
    news = News(SqlConversationBook(context.databases.monitoring))
    async with opening as running, news.running():
        context.keep(RunningSpool, running)
        context.keep(News, news)
        yield


async def sessions_without_student(users: Database, sessions: Collection[UUID]) -> set[UUID]:
    """Those of these sessions that may not stream any more: ended, of a disabled person, or of no student."""
    found = await standings(users, sessions)
    return {each for each in sessions if each not in found or Role.STUDENT not in found[each].roles}
