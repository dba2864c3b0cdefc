"""The part's routes, and the spool that they share while the application serves."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select

from activities.adapters.sql.conversation_book import SqlConversationBook
from activities.adapters.temporal import TemporalSignaller
from api.context import Context
from api.monitoring import (
    alert,
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
from api.spool.running import RunningSpool, open_spool
from schema.db.session import Database
from schema.db.tables.users import Person

router = APIRouter()
for module in (ticket, stream, presence, incident, frame, wall, desk, alert, glimpse, message, hand, feed):
    router.include_router(module.router)


@asynccontextmanager
async def lifespan(context: Context) -> AsyncIterator[None]:
    """Open the node's spool, listen for news of conversations, and hand both to the routes."""

    async def revoked(people: Collection[UUID]) -> Collection[UUID]:
        return await disabled_people(context.databases.users, people)

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


async def disabled_people(users: Database, people: Collection[UUID]) -> set[UUID]:
    """Those of these people who may not stream any more."""
    query = select(Person.person_id).where(Person.person_id.in_(people), Person.disabled_at.is_not(None))
    async with users.read() as session:
        return set(await session.scalars(query))
