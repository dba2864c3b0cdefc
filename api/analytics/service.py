"""Whether each part of the platform serves now, by its own marks, and its newest outages; read from `_reservations`."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from api.context import Context, utc_now
from schema.db.tables.outage import OutageRow, OwedTime, ServiceMarkRow
from schema.failures import Failure
from schema.outage.owed import OwedState
from schema.outage.service import Cause, Component

NEWEST = 20
GONE_AFTER = timedelta(days=1)  # a node that has been silent for so long was taken away


class Serving(BaseModel):
    """A node's service, as it marks it itself."""

    component: Component
    node_id: str
    serves: bool
    marked_at: datetime


class Outage(BaseModel):
    """A gap between two marks of a node."""

    component: Component
    node_id: str
    cause: Cause
    began_at: datetime
    ended_at: datetime


class Service(BaseModel):
    """Nodes that serve or did lately, the newest outages, and how many losses still wait to be given back."""

    nodes: list[Serving]
    outages: list[Outage] = Field(description="The newest first")
    waiting: int


async def service(context: Context) -> Service | None:
    """None where the database does not answer."""
    try:
        return await _service(context)
    except (SQLAlchemyError, OSError, Failure):
        return None


async def outage_seconds(context: Context, since: datetime) -> Counter[Component]:
    """Whole seconds of the outages that ended since then, over all nodes of a component."""
    query = select(OutageRow).where(OutageRow.ended_at >= since)
    found = Counter[Component]()
    async with context.databases.reservations.read() as session:
        for row in await session.scalars(query):
            found[Component(row.component)] += int((row.ended_at - row.began_at).total_seconds())
    return found


async def _service(context: Context) -> Service:
    newest = select(OutageRow).order_by(OutageRow.ended_at.desc()).limit(NEWEST)
    waits = select(func.count()).select_from(OwedTime).where(OwedTime.state == OwedState.WAITING.value)
    async with context.databases.reservations.read() as session:
        marks = list(await session.scalars(select(ServiceMarkRow)))
        outages = list(await session.scalars(newest))
        waiting = await session.scalar(waits)
    return Service(
        nodes=_nodes(context, marks), outages=[_outage(row) for row in outages], waiting=waiting or 0
    )


def _nodes(context: Context, marks: Sequence[ServiceMarkRow]) -> list[Serving]:
    """Marks are written by the machines' clocks, so they are compared with one."""
    now, tolerance = utc_now(), context.settings.outage_tolerance
    return [
        Serving(
            component=Component(mark.component),
            node_id=mark.node_id,
            serves=now - mark.last_at <= tolerance,
            marked_at=mark.last_at,
        )
        for mark in sorted(marks, key=lambda mark: (mark.component, mark.node_id))
        if now - mark.last_at < GONE_AFTER
    ]


def _outage(row: OutageRow) -> Outage:
    return Outage(
        component=Component(row.component),
        node_id=row.node_id,
        cause=Cause(row.cause),
        began_at=row.began_at,
        ended_at=row.ended_at,
    )
