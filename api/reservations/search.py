"""Search of attempts for proctors and admins: by words, and by what is known of an attempt."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import Select, func, select

from activities.adapters.sql.counting import SqlCounting
from api.access.blind import marked_now
from api.context import Context, ContextOf
from api.paging import Page, Paging, page_of
from api.reservations.search_shape import FoundAttempt, Wanted
from api.reservations.search_word import conditions_of
from api.security import require
from api.sitting.counting import counted
from api.token import CurrentPerson
from schema.db.tables.monitoring import IncidentRow
from schema.db.tables.reservations import AttemptRow, ExamRow, SlotRow
from schema.db.tables.users import Person
from schema.incident import Severity
from schema.role import Role

MOST_TURNS = 40  # so often a page is topped up before it is given out shorter than it could be

Some = tuple[list[AttemptRow], str | None]  # a page, and where the next one begins

router = APIRouter(prefix="/attempts")

# Graders and reviewers judge without knowing whose work it is, so they do not search by names.
Searcher = Annotated[CurrentPerson, require(Role.PROCTOR, Role.ADMIN)]


@router.get("/search", summary="Search attempts")
async def search_attempts(
    person: Searcher, context: ContextOf, wanted: Annotated[Wanted, Query()]
) -> Page[FoundAttempt]:
    """The organisation's attempts, newest first, never the searcher's own.

    With `has_incidents` a page may be shorter than asked for, even empty, while `next_cursor` leads on.
    """
    rows = _narrowed(person, wanted).where(*await conditions_of(context, person, wanted.q))
    if blind := await marked_now(context, person):
        rows = rows.where(AttemptRow.attempt_id.not_in(blind))
    paging = Paging(wanted.limit, wanted.cursor)
    if wanted.has_incidents is None:
        found, cursor = await _page(context, rows, paging)
    else:
        found, cursor = await _with_incidents(context, rows, paging, wanted.has_incidents)
    return Page(items=await shown(context, found), next_cursor=cursor)


async def incident_counts(context: Context, attempt_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Of each attempt that has any: incidents that are not technical, and the critical ones among them."""
    row = IncidentRow
    query = (
        select(row.attempt_id, row.severity, func.count())
        .where(row.attempt_id.in_(attempt_ids), row.severity != Severity.TECHNICAL)
        .group_by(row.attempt_id, row.severity)
    )
    counts: dict[UUID, tuple[int, int]] = {}
    async with context.databases.monitoring.read() as session:
        for attempt_id, severity, number in await session.execute(query):
            total, critical = counts.get(attempt_id, (0, 0))
            counts[attempt_id] = total + number, critical + (number if severity == Severity.CRITICAL else 0)
    return counts


async def shown(context: Context, rows: Sequence[AttemptRow]) -> list[FoundAttempt]:
    """With what other schemas know of them: people, and how many incidents there were."""
    counts = await incident_counts(context, [row.attempt_id for row in rows])
    people = await _people(context, {row.student_id for row in rows})
    standings = await SqlCounting(context.databases).of(rows)
    async with context.databases.reservations.read() as session:
        exams = select(ExamRow.exam_id, ExamRow.title).where(ExamRow.exam_id.in_([r.exam_id for r in rows]))
        slots = select(SlotRow.slot_id, SlotRow.starts_at).where(
            SlotRow.slot_id.in_([row.slot_id for row in rows])
        )
        titles = {found.exam_id: found.title for found in await session.execute(exams)}
        starts = {found.slot_id: found.starts_at for found in await session.execute(slots)}
    return [
        FoundAttempt.model_validate(
            {
                **_known(row, people.get(row.student_id), counts.get(row.attempt_id, (0, 0))),
                "exam_title": titles[row.exam_id],
                "starts_at": starts[row.slot_id],
                **counted(standings.get(row.attempt_id)),
            }
        )
        for row in rows
    ]


def _narrowed(person: CurrentPerson, wanted: Wanted) -> Select[AttemptRow]:
    row = AttemptRow
    same = {"exam_id": wanted.exam_id, "slot_id": wanted.slot_id, "student_id": wanted.student_id}
    among: dict[str, Sequence[str]] = {
        "phase": wanted.phase,
        "release": wanted.release,
        "marking": wanted.marking,
        "integrity": wanted.integrity,
    }
    rows = select(row).where(
        row.organisation_id == person.organisation_id,
        row.student_id != person.person_id,
        *[getattr(row, name) == value for name, value in same.items() if value is not None],
        *[getattr(row, name).in_([str(one) for one in some]) for name, some in among.items() if some],
    )
    if wanted.is_on_hold is not None:
        rows = rows.where(row.is_on_hold == wanted.is_on_hold)
    return _within(rows, wanted)


def _within(rows: Select[AttemptRow], wanted: Wanted) -> Select[AttemptRow]:
    starts = []
    if wanted.starts_from is not None:
        starts.append(SlotRow.starts_at >= wanted.starts_from)
    if wanted.starts_before is not None:
        starts.append(SlotRow.starts_at < wanted.starts_before)
    return rows.where(AttemptRow.slot_id.in_(select(SlotRow.slot_id).where(*starts))) if starts else rows


async def _page(context: Context, rows: Select[AttemptRow], paging: Paging) -> Some:
    async with context.databases.reservations.read() as session:
        keys = AttemptRow.created_at, AttemptRow.attempt_id
        page = await page_of(session, rows, paging, *keys, lambda row: row)
    return page.items, page.next_cursor


async def _with_incidents(
    context: Context, rows: Select[AttemptRow], paging: Paging, has_incidents: bool
) -> Some:
    """Incidents are in another schema: what is missing to a full page is read, looked at, and kept or passed by."""
    kept: list[AttemptRow] = []
    cursor = paging.cursor
    for _ in range(MOST_TURNS):
        found, cursor = await _page(context, rows, Paging(paging.limit - len(kept), cursor))
        counts = await incident_counts(context, [row.attempt_id for row in found])
        kept += [row for row in found if (row.attempt_id in counts) is has_incidents]
        if cursor is None or len(kept) == paging.limit:
            break
    return kept, cursor


async def _people(context: Context, wanted: set[UUID]) -> dict[UUID, Person]:
    async with context.databases.users.read() as session:
        rows = await session.scalars(select(Person).where(Person.person_id.in_(wanted)))
        return {row.person_id: row for row in rows}


def _known(row: AttemptRow, student: Person | None, counts: tuple[int, int]) -> dict[str, object]:
    shared = {name: getattr(row, name) for name in FoundAttempt.model_fields if hasattr(row, name)}
    incidents, critical_incidents = counts
    return {
        **shared,
        "student_name": row.name_at_door or (student.display_name if student else ""),
        "student_email": student.email if student else "",
        "student_number": row.number_at_door
        if row.number_at_door is not None
        else (student.student_number if student else ""),
        "incidents": incidents,
        "critical_incidents": critical_incidents,
    }
