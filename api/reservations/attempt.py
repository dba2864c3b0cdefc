"""Attempts as they stand: one, one's own, those that staff look after, and what happened to them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import Select, select

from activities.adapters.sql.counting import Standing
from api.access.blind import marked_now, refuse_blind
from api.context import Context, ContextOf
from api.paging import Page, Paging, PagingOf, page_along, page_of
from api.reservations.access import OVERSEERS, READERS, find_attempt, is_own
from api.reservations.circumstance import Circumstance, PolicyShelf
from api.reservations.possible import REOPEN, possible_words, told_by_workflow
from api.reservations.shape import AttemptDetail, MoveView, TimelineEntry
from api.reservations.waiting import places_of
from api.security import require
from api.sitting.counting import counted, standings_of
from api.standing import current_view
from api.token import CurrentPerson
from schema.aftermath.rule import LATE_PHASES
from schema.attempt import Phase
from schema.clock import ExamClock
from schema.db.tables.analytics import TimelineEvent
from schema.db.tables.corrections import LateAnswerRow
from schema.db.tables.reservations import AttemptMove, AttemptRow, ExamRow
from schema.failures import Failure
from schema.lifecycle import AttemptView
from schema.outcome import Integrity, Release
from schema.role import Role

router = APIRouter(prefix="/attempts")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is shown of attempts beside their rows."""

    places: Mapping[UUID, int]
    of: Mapping[UUID, Circumstance]
    standings: Mapping[UUID, Standing]
    late: Set[UUID]
    now: datetime


Student = Annotated[CurrentPerson, require(Role.STUDENT)]
Overseer = Annotated[CurrentPerson, require(Role.AUTHOR, *OVERSEERS)]
Reader = Annotated[CurrentPerson, require(*READERS)]
Live = Annotated[bool, Query(description="Ask the workflow itself as well; slower, never behind")]


@router.get("/mine", summary="List my attempts")
async def list_my_attempts(person: Student, context: ContextOf, paging: PagingOf) -> Page[AttemptDetail]:
    """The student's own attempts, newest first."""
    rows = select(AttemptRow).where(AttemptRow.student_id == person.person_id)
    return await _page(context, rows, paging, person)


@router.get("", summary="List attempts")
async def list_attempts(
    person: Overseer,
    context: ContextOf,
    paging: PagingOf,
    exam_id: UUID | None = None,
    slot_id: UUID | None = None,
    student_id: UUID | None = None,
    phase: Annotated[list[Phase] | None, Query(description="One or several")] = None,
    integrity: Integrity | None = None,
    release: Release | None = None,
) -> Page[AttemptDetail]:
    """The organisation's attempts, newest first; authors see those at their own exams."""
    wanted = {"exam_id": exam_id, "slot_id": slot_id, "student_id": student_id}
    states = {"integrity": integrity, "release": release}
    rows = _overseen(person).filter_by(
        **{name: value for name, value in {**wanted, **states}.items() if value}
    )
    if blind := await marked_now(context, person):
        rows = rows.where(AttemptRow.attempt_id.not_in(blind))
    if phase:
        rows = rows.where(AttemptRow.phase.in_([one.value for one in phase]))
    return await _page(context, rows, paging, person)


@router.get("/{attempt_id}", summary="Show an attempt")
async def show_attempt(
    attempt_id: UUID, person: Reader, context: ContextOf, live: Live = False
) -> AttemptDetail:
    """The read model, which follows the workflow within moments, and on demand the workflow's own view."""
    async with context.databases.reservations.read() as session:
        row = await find_attempt(session, attempt_id, person)
    await refuse_blind(context, attempt_id, person)
    detail = _detail(row, person, await _seen(context, [row], person))
    if not live and REOPEN not in detail.possible:
        return detail
    view = await _current(context, attempt_id, must_answer=live)
    if view is None:
        return detail
    possible = told_by_workflow(detail.possible, view)
    return detail.model_copy(update={"live": view if live else None, "possible": possible})


async def _current(context: Context, attempt_id: UUID, *, must_answer: bool) -> AttemptView | None:
    """The workflow's own word; None where nobody asked for it and it does not answer."""
    try:
        return await current_view(context, attempt_id)
    except Failure:
        if must_answer:
            raise
        return None


@router.get("/{attempt_id}/moves", summary="List an attempt's moves")
async def list_moves(
    attempt_id: UUID, person: Reader, context: ContextOf, paging: PagingOf
) -> Page[MoveView]:
    """The decision log, oldest first: who moved which machine, when and why."""
    async with context.databases.reservations.read() as session:
        row = await find_attempt(session, attempt_id, person)
        await refuse_blind(context, attempt_id, person)
        rows = select(AttemptMove).where(AttemptMove.attempt_id == attempt_id)
        hidden = is_own(row, person)
        return await page_along(
            session, rows, paging, (AttemptMove.version,), lambda move: _move(move, hidden)
        )


@router.get("/{attempt_id}/timeline", summary="List an attempt's events")
async def list_timeline(
    attempt_id: UUID, person: Overseer, context: ContextOf, paging: PagingOf
) -> Page[TimelineEntry]:
    """Every event of the attempt in the order it occurred, as far as it has been relayed."""
    async with context.databases.reservations.read() as session:
        await find_attempt(session, attempt_id, person)
    await refuse_blind(context, attempt_id, person)
    order = (TimelineEvent.occurred_at, TimelineEvent.source, TimelineEvent.sequence)
    async with context.databases.analytics.read() as session:
        rows = select(TimelineEvent).where(TimelineEvent.attempt_id == attempt_id)
        return await page_along(session, rows, paging, order, _entry)


async def _page(
    context: Context, rows: Select[AttemptRow], paging: Paging, person: CurrentPerson
) -> Page[AttemptDetail]:
    async with context.databases.reservations.read() as session:
        page = await page_of(
            session, rows, paging, AttemptRow.created_at, AttemptRow.attempt_id, lambda row: row
        )
    seen = await _seen(context, page.items, person)
    return Page(items=[_detail(row, person, seen) for row in page.items], next_cursor=page.next_cursor)


async def _seen(context: Context, rows: Sequence[AttemptRow], person: CurrentPerson) -> Seen:
    async with context.databases.reservations.read() as session:
        places = await places_of(session, [row.attempt_id for row in rows])
        of = await context.kept(PolicyShelf).circumstances(session, rows)
    return Seen(
        places=places,
        of=of,
        standings=await standings_of(context, rows, person),
        late=await _with_late_answers(context, [row.attempt_id for row in rows if row.phase in LATE_PHASES]),
        now=context.now(),
    )


async def _with_late_answers(context: Context, attempt_ids: Sequence[UUID]) -> Set[UUID]:
    """Those with answers that came after the end and that nobody has accepted."""
    if not attempt_ids:
        return frozenset()
    late = LateAnswerRow
    waiting = select(late.attempt_id).where(late.attempt_id.in_(attempt_ids), late.accepted_at.is_(None))
    async with context.databases.corrections.read() as session:
        return frozenset(await session.scalars(waiting.distinct()))


def _overseen(person: CurrentPerson) -> Select[AttemptRow]:
    rows = select(AttemptRow).where(AttemptRow.organisation_id == person.organisation_id)
    if person.has(*OVERSEERS):
        return rows
    return rows.where(
        AttemptRow.exam_id.in_(select(ExamRow.exam_id).where(ExamRow.author_id == person.person_id))
    )


def _detail(row: AttemptRow, person: CurrentPerson, seen: Seen) -> AttemptDetail:
    shared = {name: getattr(row, name) for name in AttemptDetail.model_fields if hasattr(row, name)}
    if row.student_id == person.person_id:
        shared |= dict.fromkeys(("risk", "report_name", "is_on_hold", "admission_escalated"))
    if row.after is not None:
        checks_asked = row.after.get("asked")
        shared["reopen_asked"] = None if row.student_id == person.person_id else checks_asked
    checks = {
        "checks_done": row.checks_done.get("steps", []),
        "send_back_reason": row.checks_done.get("send_back_reason", ""),
        "possible": possible_words(
            row, seen.of[row.attempt_id], person, seen.now, has_late=row.attempt_id in seen.late
        ),
        **_time(row),
        "waiting_place": seen.places.get(row.attempt_id),
        **counted(seen.standings.get(row.attempt_id)),
    }
    return AttemptDetail.model_validate({**shared, **checks})


def _time(row: AttemptRow) -> dict[str, Any]:
    if row.clock is None:
        return {}
    clock = ExamClock.model_validate(row.clock)
    return {"cap_at": clock.cap, "pause_slack": clock.pause_slack}


def _move(row: AttemptMove, hidden: bool) -> MoveView:
    shared = {name: getattr(row, name) for name in MoveView.model_fields}
    return MoveView.model_validate({**shared, "actor_id": None if hidden else row.actor_id})


def _entry(row: TimelineEvent) -> TimelineEntry:
    return TimelineEntry.model_validate({name: getattr(row, name) for name in TimelineEntry.model_fields})
