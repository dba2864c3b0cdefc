"""The proctor's wall: the attempts of a slot or an exam with presence, risk and their last incident."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.access.blind import marked_now
from api.context import ContextOf
from api.coverage.figure import coverages_of
from api.monitoring.name import student_names
from api.monitoring.presence import Health, health_of, with_models
from api.monitoring.risk import risks_of
from api.monitoring.scope import WATCHERS
from api.monitoring.talk_access import book_of, is_open
from api.paging import Page, PagingOf, page_of
from api.registry import Models
from api.security import require
from api.token import CurrentPerson
from schema.attempt import Phase
from schema.clock import ExamClock
from schema.conversation import SILENCE, Standing
from schema.coverage.figure import WatchCoverage
from schema.db.tables.monitoring import AttemptFeed, IncidentRow, WatchCheckpoint
from schema.db.tables.reservations import AttemptRow
from schema.failures import Failure, FailureType
from schema.incident import IncidentKind, Severity

WATCHED_PHASES = (
    Phase.CHECKING_IN,
    Phase.AWAITING_ADMISSION,
    Phase.ADMITTED,
    Phase.IN_PROGRESS,
    Phase.PAUSED,
    Phase.TERMINATED,
)

router = APIRouter()


class LastIncident(BaseModel):
    """The newest incident that counts."""

    incident_id: UUID
    kind: IncidentKind
    severity: Severity
    started_at: datetime
    ended_at: datetime | None
    acknowledged_by: UUID | None


class Tile(BaseModel):
    """One attempt on the wall. `health` is null before its stream may open; a name is empty once its person is gone."""

    attempt_id: UUID
    exam_id: UUID
    slot_id: UUID
    student_id: UUID
    student_name: str
    phase: Phase
    risk: float
    deadline_at: datetime | None
    health: Health | None
    shares_screen: bool = Field(False, description="The exam asks for the whole screen")
    last_incident: LastIncident | None
    cap_at: datetime | None = Field(None, description="The slot's end, where the exam ends with its slot")
    pause_slack: timedelta | None = Field(None, description="How long a pause may last before it costs time")
    hand_raised_at: datetime | None = Field(description="Null while the hand is down")
    unread_messages: int = Field(description="Of the student, unread by any proctor")
    coverage: WatchCoverage | None = Field(
        None, description="How much of it was watched; null before the start"
    )


@router.get("/wall")
async def show_wall(
    context: ContextOf,
    paging: PagingOf,
    slot_id: Annotated[UUID | None, Query(description="A slot")] = None,
    exam_id: Annotated[UUID | None, Query(description="Or a whole exam")] = None,
    phase: Annotated[list[Phase] | None, Query(description="Default: from check-in to the end")] = None,
    watcher: CurrentPerson = require(*WATCHERS),
) -> Page[Tile]:
    """Attempts of one slot or one exam, never the watcher's own; sort them as you show them."""
    if (slot_id is None) == (exam_id is None):
        raise Failure(FailureType.INVALID, "name either slot_id or exam_id", field="/slot_id")
    where = AttemptRow.slot_id == slot_id if slot_id else AttemptRow.exam_id == exam_id
    rows = select(AttemptRow).where(
        where,
        AttemptRow.organisation_id == watcher.organisation_id,
        AttemptRow.student_id != watcher.person_id,
        AttemptRow.phase.in_(phase or WATCHED_PHASES),
    )
    if blind := await marked_now(context, watcher):
        rows = rows.where(AttemptRow.attempt_id.not_in(blind))
    async with context.databases.reservations.read() as session:
        keys = AttemptRow.created_at, AttemptRow.attempt_id
        page = await page_of(session, rows, paging, *keys, lambda row: row, newest_first=False)
    names = await student_names(context, page.items)
    risks = await risks_of(context, page.items)
    talk = await book_of(context).standings([attempt.attempt_id for attempt in page.items])
    coverages = await coverages_of(context, page.items)
    async with context.databases.monitoring.read() as session:
        tiles = await _tiles(session, list(page.items), names, risks, talk, context.now())
    models = await context.kept(Models).troubles()
    tiles = [
        tile.model_copy(
            update={
                "coverage": coverages.get(tile.attempt_id),
                "health": tile.health and with_models(tile.health, models),
            }
        )
        for tile in tiles
    ]
    return Page(items=tiles, next_cursor=page.next_cursor)


async def _tiles(
    session: AsyncSession,
    attempts: list[AttemptRow],
    names: dict[UUID, str],
    risks: Mapping[UUID, float],
    talk: Mapping[UUID, Standing],
    now: datetime,
) -> list[Tile]:
    ids = [attempt.attempt_id for attempt in attempts]
    feed_rows = await session.scalars(select(AttemptFeed).where(AttemptFeed.attempt_id.in_(ids)))
    feeds = {row.attempt_id: row for row in feed_rows}
    watches = await session.scalars(select(WatchCheckpoint).where(WatchCheckpoint.attempt_id.in_(ids)))
    checkpoints = {row.attempt_id: row for row in watches}
    incidents = await _last_incidents(session, ids)
    return [
        Tile(
            attempt_id=attempt.attempt_id,
            exam_id=attempt.exam_id,
            slot_id=attempt.slot_id,
            student_id=attempt.student_id,
            student_name=names[attempt.attempt_id],
            phase=Phase(attempt.phase),
            risk=risks[attempt.attempt_id],
            deadline_at=attempt.deadline_at,
            **_cap(attempt),
            health=_health(feeds.get(attempt.attempt_id), checkpoints.get(attempt.attempt_id), now),
            shares_screen=_asks_for_screen(feeds.get(attempt.attempt_id)),
            last_incident=incidents.get(attempt.attempt_id),
            hand_raised_at=_hand(attempt, talk),
            unread_messages=talk.get(attempt.attempt_id, SILENCE).unread_by_proctors,
        )
        for attempt in attempts
    ]


def _cap(attempt: AttemptRow) -> dict[str, Any]:
    if attempt.clock is None:
        return {}
    clock = ExamClock.model_validate(attempt.clock)
    return {"cap_at": clock.cap, "pause_slack": clock.pause_slack}


def _asks_for_screen(feed: AttemptFeed | None) -> bool:
    return feed is not None and feed.screen_interval_ms is not None


def _hand(attempt: AttemptRow, talk: Mapping[UUID, Standing]) -> datetime | None:
    return talk.get(attempt.attempt_id, SILENCE).hand_raised_at if is_open(attempt) else None


def _health(feed: AttemptFeed | None, checkpoint: WatchCheckpoint | None, now: datetime) -> Health | None:
    return None if feed is None else health_of(feed, checkpoint, now)


async def _last_incidents(session: AsyncSession, ids: list[UUID]) -> dict[UUID, LastIncident]:
    counts = IncidentRow.attempt_id.in_(ids), IncidentRow.severity != Severity.TECHNICAL
    newest = (
        select(IncidentRow.attempt_id, func.max(IncidentRow.started_at).label("started_at"))
        .where(*counts)
        .group_by(IncidentRow.attempt_id)
        .subquery()
    )
    query = (
        select(IncidentRow)
        .where(*counts)
        .join(
            newest,
            (IncidentRow.attempt_id == newest.c.attempt_id) & (IncidentRow.started_at == newest.c.started_at),
        )
    )
    return {row.attempt_id: _last_incident(row) for row in await session.scalars(query)}


def _last_incident(row: IncidentRow) -> LastIncident:
    return LastIncident(
        incident_id=row.incident_id,
        kind=IncidentKind(row.kind),
        severity=Severity(row.severity),
        started_at=row.started_at,
        ended_at=row.ended_at,
        acknowledged_by=UUID(row.acknowledged_by) if row.acknowledged_by else None,
    )
