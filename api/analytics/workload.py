"""Who decides how much: reviews that wait now and reviews decided in a range of days.

Read from the reviews' own read model in the corrections database, by a session of its own: only there stand who holds
a review and when it is overdue, and a projection would show the queue of a moment ago.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from api.analytics.access import readable_exam
from api.analytics.span import Span, SpanOf
from api.context import Context, ContextOf
from api.security import require
from api.token import CurrentPerson
from schema.db.tables.corrections import ReviewRow
from schema.db.tables.users import Person
from schema.failures import Failure, FailureType
from schema.review import ReviewStage
from schema.role import Role

MOST_DAYS = 92  # every decision of the range is read
ONE_DAY = timedelta(days=1)

DECIDERS = frozenset({Role.GRADER, Role.REVIEWER, Role.ADMIN})

router = APIRouter()

Decider = Annotated[CurrentPerson, require(*sorted(DECIDERS))]


class Waiting(BaseModel):
    """Reviews of one kind that nobody has decided yet."""

    kind: str = Field(examples=["essay"])
    unassigned: int = 0
    assigned: int = 0
    overdue: int = Field(0, description="Waiting longer than the exam's policy allows before admins are told")
    oldest_opened_at: datetime | None = None


class Load(BaseModel):
    """One person's reviews: held now, and decided in the range."""

    person_id: UUID
    name: str
    held: int = 0
    overdue: int = 0
    decided: dict[str, int] = Field(description="By kind")
    median_hours: float | None = Field(None, description="From opening to decision, of those decided")


class Workload(BaseModel):
    """`read_at` is when it was read, straight from the read model of reviews: nothing has to be computed first."""

    first_day: date
    last_day: date
    read_at: datetime
    waiting: list[Waiting]
    people: list[Load] = Field(description="Most decided first; graders and reviewers see themselves only")


@router.get("/reviews", summary="The reviewers' load")
async def show_workload(
    me: Decider,
    context: ContextOf,
    span: SpanOf,
    exam_id: Annotated[UUID | None, Query(description="Reviews of this exam only")] = None,
) -> Workload:
    """For graders, reviewers and admins. Ranges of at most 92 days; of one exam with `exam_id`."""
    days = (span.last - span.first).days + 1
    if days > MOST_DAYS:
        what = f"the range has {days} days, the reviewers' load is shown for at most {MOST_DAYS}; ask for parts of it"
        raise Failure(FailureType.INVALID, what, field="/to")
    if exam_id is not None:
        await readable_exam(exam_id, me, context, DECIDERS)
    now = context.now()
    waiting, decided = await _reviews(context, me, span, exam_id)
    people = _people(waiting, decided, now)
    if not me.has(Role.ADMIN):
        people = {me.person_id: people[me.person_id]} if me.person_id in people else {}
    await _name(context, people)
    ranked = sorted(people.values(), key=lambda one: (-sum(one.decided.values()), -one.held, one.person_id))
    return Workload(
        first_day=span.first, last_day=span.last, read_at=now, waiting=_waiting(waiting, now), people=ranked
    )


async def _reviews(
    context: Context, me: CurrentPerson, span: Span, exam_id: UUID | None
) -> tuple[Sequence[ReviewRow], Sequence[ReviewRow]]:
    own = select(ReviewRow).where(ReviewRow.organisation_id == me.organisation_id)
    if exam_id is not None:
        own = own.where(ReviewRow.exam_id == exam_id)
    begin, end = _midnight(span.first), _midnight(span.last + ONE_DAY)
    async with context.databases.corrections.read() as session:
        waiting = await session.scalars(
            own.where(ReviewRow.stage.in_([ReviewStage.OPEN, ReviewStage.ASSIGNED]))
        )
        within = (ReviewRow.decided_at >= begin, ReviewRow.decided_at < end)
        decided = await session.scalars(own.where(ReviewRow.stage == ReviewStage.DECIDED, *within))
        return waiting.all(), decided.all()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _waiting(rows: Sequence[ReviewRow], now: datetime) -> list[Waiting]:
    by_kind: dict[str, list[ReviewRow]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    return [
        Waiting(
            kind=kind,
            unassigned=sum(row.assignee_id is None for row in some),
            assigned=sum(row.assignee_id is not None for row in some),
            overdue=sum(row.escalate_at <= now for row in some),
            oldest_opened_at=min(row.opened_at for row in some),
        )
        for kind, some in sorted(by_kind.items())
    ]


def _people(waiting: Sequence[ReviewRow], decided: Sequence[ReviewRow], now: datetime) -> dict[UUID, Load]:
    people: dict[UUID, Load] = {}
    hours: dict[UUID, list[float]] = defaultdict(list)
    for row in waiting:
        if row.assignee_id is not None:
            load = _load(people, row.assignee_id)
            load.held += 1
            load.overdue += row.escalate_at <= now
    for row in decided:
        if row.decided_by is not None and row.decided_at is not None:
            load = _load(people, row.decided_by)
            load.decided[row.kind] = load.decided.get(row.kind, 0) + 1
            hours[row.decided_by].append((row.decided_at - row.opened_at) / timedelta(hours=1))
    for person_id, some in hours.items():
        people[person_id].median_hours = median(some)
    return people


def _load(people: dict[UUID, Load], person_id: UUID) -> Load:
    return people.setdefault(person_id, Load(person_id=person_id, name="", decided={}))


async def _name(context: Context, people: dict[UUID, Load]) -> None:
    query = select(Person.person_id, Person.display_name).where(Person.person_id.in_(people))
    async with context.databases.users.read() as session:
        for person_id, name in await session.execute(query):
            people[person_id].name = name
