"""Critical incidents of a slot or an exam: what nobody has seen yet, and who has seen the rest."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import select

from api.access.blind import marked_now
from api.context import Context, ContextOf
from api.monitoring.name import names_of, student_names
from api.monitoring.scope import WATCHERS
from api.monitoring.wall import WATCHED_PHASES
from api.paging import Page, PagingOf, page_of
from api.security import require
from api.token import CurrentPerson
from schema.db.tables.monitoring import IncidentRow
from schema.db.tables.reservations import AttemptRow
from schema.failures import Failure, FailureType
from schema.incident import IncidentKind, Severity

router = APIRouter()


class Alert(BaseModel):
    """A critical incident. `acknowledged_by_name` is empty while nobody has said that they saw it."""

    incident_id: UUID
    attempt_id: UUID
    student_name: str
    kind: IncidentKind
    started_at: datetime
    ended_at: datetime | None
    acknowledged_by: UUID | None
    acknowledged_by_name: str


@router.get("/alerts", summary="List critical incidents")
async def list_alerts(
    context: ContextOf,
    paging: PagingOf,
    slot_id: Annotated[UUID | None, Query(description="A slot")] = None,
    exam_id: Annotated[UUID | None, Query(description="Or a whole exam")] = None,
    seen_since: Annotated[
        AwareDatetime | None, Query(description="Instead those that somebody has seen, and began after this")
    ] = None,
    watcher: CurrentPerson = require(*WATCHERS),
) -> Page[Alert]:
    """Those that nobody has acknowledged, of attempts that are not over, newest first; never the watcher's own."""
    if (slot_id is None) == (exam_id is None):
        raise Failure(FailureType.INVALID, "name either slot_id or exam_id", field="/slot_id")
    students = await _students(context, watcher, slot_id, exam_id)
    seen = IncidentRow.acknowledged_by
    is_wanted = (
        seen.is_(None) if seen_since is None else seen.is_not(None) & (IncidentRow.started_at >= seen_since)
    )
    rows = select(IncidentRow).where(
        IncidentRow.attempt_id.in_(students), IncidentRow.severity == Severity.CRITICAL, is_wanted
    )
    async with context.databases.monitoring.read() as session:
        keys = IncidentRow.started_at, IncidentRow.incident_id
        page = await page_of(session, rows, paging, *keys, lambda row: row)
    seen_by = {UUID(row.acknowledged_by) for row in page.items if row.acknowledged_by}
    names = await names_of(context, seen_by)
    called = await student_names(context, list(students.values()))
    items = [_alert(row, called[row.attempt_id], names) for row in page.items]
    return Page(items=items, next_cursor=page.next_cursor)


async def _students(
    context: Context, watcher: CurrentPerson, slot_id: UUID | None, exam_id: UUID | None
) -> dict[UUID, AttemptRow]:
    """The attempts that are watched now, by their ids."""
    where = AttemptRow.slot_id == slot_id if slot_id else AttemptRow.exam_id == exam_id
    query = select(AttemptRow).where(
        where,
        AttemptRow.organisation_id == watcher.organisation_id,
        AttemptRow.student_id != watcher.person_id,
        AttemptRow.phase.in_(WATCHED_PHASES),
    )
    blind = await marked_now(context, watcher)
    async with context.databases.reservations.read() as session:
        return {row.attempt_id: row for row in await session.scalars(query) if row.attempt_id not in blind}


def _alert(row: IncidentRow, student_name: str, names: dict[UUID, str]) -> Alert:
    seen_by = UUID(row.acknowledged_by) if row.acknowledged_by else None
    return Alert(
        incident_id=row.incident_id,
        attempt_id=row.attempt_id,
        student_name=student_name,
        kind=IncidentKind(row.kind),
        started_at=row.started_at,
        ended_at=row.ended_at,
        acknowledged_by=seen_by,
        acknowledged_by_name=names.get(seen_by, "") if seen_by else "",
    )
