"""Sittings by exam: how many a student has used up and has left, and a further one that an admin gives."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.sitting import further_sittings, past_sittings
from api.access.blind import refuse_blind
from api.context import Context, ContextOf
from api.idempotency import IdempotencyKey, Receipt
from api.monitoring.name import names_of
from api.reservations.access import find_attempt
from api.reservations.shape import Because
from api.reservations.sitting_shape import FurtherEntry, GivenSitting, SittingEntry, SittingsView
from api.security import SignedIn, require
from api.sitting.counting import standings_of
from api.sitting.disclosure import Sat, offered_exam, right_answers
from api.token import CurrentPerson
from schema.attempt import Phase
from schema.db.journal import record
from schema.db.tables.reservations import (
    AttemptRow,
    ExamRow,
    ExamVersion,
    FurtherSitting,
    ReservationsReceipt,
)
from schema.exam import Exam
from schema.failures import Failure, FailureType
from schema.journal import Act, ActKind, ActSubject
from schema.outcome import Release
from schema.role import Role
from schema.sitting.allowance import USES_ONE_UP
from schema.sitting.disclosure import Disclosure

router = APIRouter()

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


@router.get("/sittings", summary="List sittings by exam")
async def list_sittings(
    person: SignedIn, context: ContextOf, student_id: UUID | None = None, exam_id: UUID | None = None
) -> list[SittingsView]:
    """One's own, or for admins those of `student_id`: of each exam that the student has any attempt at."""
    wanted = person.person_id if student_id is None else student_id
    if wanted != person.person_id and not person.has(Role.ADMIN):
        raise Failure(FailureType.FORBIDDEN, "another student's sittings are for admins")
    query = select(AttemptRow).where(
        AttemptRow.student_id == wanted, AttemptRow.organisation_id == person.organisation_id
    )
    if exam_id is not None:
        query = query.where(AttemptRow.exam_id == exam_id)
    async with context.databases.reservations.read() as session:
        rows = list(await session.scalars(query.order_by(AttemptRow.created_at, AttemptRow.attempt_id)))
    by_exam: dict[UUID, list[AttemptRow]] = defaultdict(list)
    for row in rows:
        by_exam[row.exam_id].append(row)
    return [await sittings_of(context, some, person) for some in by_exam.values()]


@router.post(
    "/attempts/{attempt_id}/further-sitting",
    status_code=201,
    response_model=GivenSitting,
    summary="Give a further sitting",
)
async def give_further_sitting(
    attempt_id: UUID, body: Because, person: Admin, context: ContextOf, key: IdempotencyKey
) -> Response:
    """Let the student of this attempt, which used the last sitting up, sit the exam once more.

    One for each attempt. The answer says whether the student has been shown right answers already.
    """
    reservations = context.databases.reservations
    operation = f"further-sitting/{attempt_id}"
    receipt = Receipt(reservations, ReservationsReceipt, person.person_id, operation, key, context.now())
    return await receipt.once(body, lambda: _give(context, person, attempt_id, body, receipt.id), 201)


@router.get("/attempts/{attempt_id}/further-sitting", summary="What to know before giving a further sitting")
async def ask_further_sitting(attempt_id: UUID, person: Admin, context: ContextOf) -> GivenSitting:
    """Whether the student's result has shown right answers until now."""
    row, has_seen = await _asked(context, person, attempt_id)
    return GivenSitting(attempt_id=row.attempt_id, has_seen_right_answers=has_seen)


async def sittings_of(context: Context, rows: Sequence[AttemptRow], person: CurrentPerson) -> SittingsView:
    """Of one student at one exam, from all the attempts there, oldest first; never empty."""
    student_id, exam_id = rows[0].student_id, rows[0].exam_id
    standings = await standings_of(context, rows, person)
    async with context.databases.reservations.read() as session:
        exam = await _exam(session, rows[-1])
        used = len(await past_sittings(session, student_id, exam_id))
        given = select(FurtherSitting).where(
            FurtherSitting.student_id == student_id, FurtherSitting.exam_id == exam_id
        )
        further = list(await session.scalars(given.order_by(FurtherSitting.given_at)))
    allowed = exam.policy.attempts_allowed + len(further)
    names = await names_of(context, {one.given_by for one in further if one.given_by})
    return SittingsView(
        exam_id=exam_id,
        exam_title=exam.title,
        attempts_allowed=allowed,
        counting=exam.policy.counts,
        used=used,
        left=max(0, allowed - used),
        attempts=[_entry(row, standings.get(row.attempt_id)) for row in rows],
        further=[
            FurtherEntry(
                attempt_id=one.attempt_id,
                reason=one.reason if student_id != person.person_id else "",
                given_by_name=names.get(one.given_by, "") if one.given_by else "",
                given_at=one.given_at,
            )
            for one in further
        ],
    )


def _entry(row: AttemptRow, standing: object) -> SittingEntry:
    return SittingEntry(
        attempt_id=row.attempt_id,
        exam_version=row.exam_version,
        phase=Phase(row.phase),
        started_at=row.started_at,
        submitted_at=row.submitted_at,
        uses_one_up=Phase(row.phase) in USES_ONE_UP,
        counts=getattr(standing, "counts", None),
    )


async def _exam(session: AsyncSession, row: AttemptRow) -> Exam:
    """The version that can be booked, or else the one that was sat."""
    offered = await offered_exam(session, row.exam_id)
    if offered is not None:
        return offered
    version = await session.get_one(ExamVersion, (row.exam_id, row.exam_version))
    return Exam.model_validate(version.content)


async def _asked(context: Context, person: CurrentPerson, attempt_id: UUID) -> tuple[AttemptRow, bool]:
    """The attempt, and whether its student has been shown right answers. Raises NOT_FOUND, FORBIDDEN."""
    async with context.databases.reservations.read() as session:
        row = await find_attempt(session, attempt_id, person)
        version = await session.get_one(ExamVersion, (row.exam_id, row.exam_version))
    if row.student_id == person.person_id:
        raise Failure(FailureType.FORBIDDEN, "nobody decides about their own attempt; ask a colleague")
    await refuse_blind(context, attempt_id, person)
    sat = Sat(row.attempt_id, row.student_id, row.exam_id)
    shown, _ = await right_answers(context, sat, Exam.model_validate(version.content))
    return row, shown is Disclosure.SHOWN and row.release not in {Release.WITHHELD, Release.PURGED}


async def _give(
    context: Context, person: CurrentPerson, attempt_id: UUID, body: Because, sitting_id: UUID
) -> GivenSitting:
    row, has_seen = await _asked(context, person, attempt_id)

    act = Act(
        act_id=sitting_id,
        organisation_id=row.organisation_id,
        at=context.now(),
        actor_id=person.person_id,
        kind=ActKind.FURTHER_SITTING_GIVEN,
        subject=ActSubject.ATTEMPT,
        subject_id=attempt_id,
        exam_id=row.exam_id,
        reason=body.reason,
        after={"has_seen_right_answers": has_seen},
    )

    async def work(session: AsyncSession) -> GivenSitting:
        # One after another for each exam: what is left is counted and used in one transaction.
        await session.get(ExamRow, row.exam_id, with_for_update=True)
        if await session.get(FurtherSitting, sitting_id) is None:
            await _check(session, row)
            given = {"sitting_id": sitting_id, "attempt_id": attempt_id, "given_by": person.person_id}
            about = {"exam_id": row.exam_id, "student_id": row.student_id, "reason": body.reason}
            session.add(FurtherSitting(**given, **about, given_at=context.now()))
            await session.flush()
            # Before the commit: should that fail, an act too many is told rather than one too few.
            await context.databases.users.run(lambda session: record(session, act))
        return GivenSitting(attempt_id=attempt_id, has_seen_right_answers=has_seen)

    try:
        return await context.databases.reservations.run(work)
    except IntegrityError as error:  # somebody gave it a moment ago
        raise _given_already() from error


async def _check(session: AsyncSession, row: AttemptRow) -> None:
    """Raises ILLEGAL_MOVE where a sitting is left, or was given after this attempt already."""
    exam = await _exam(session, row)
    if Phase(row.phase) not in USES_ONE_UP:
        what = f"this attempt at “{exam.title}” uses no sitting up, so nothing needs to be given"
        raise Failure(FailureType.ILLEGAL_MOVE, what)
    given = select(FurtherSitting.sitting_id).where(FurtherSitting.attempt_id == row.attempt_id)
    if await session.scalar(given) is not None:
        raise _given_already()
    allowed = exam.policy.attempts_allowed + await further_sittings(session, row.student_id, row.exam_id)
    if len(await past_sittings(session, row.student_id, row.exam_id)) < allowed:
        what = f"the student has a sitting of “{exam.title}” left; give a further one when it is used up"
        raise Failure(FailureType.ILLEGAL_MOVE, what)


def _given_already() -> Failure:
    message = "a further sitting was given after this attempt already; it can be used once"
    return Failure(FailureType.ILLEGAL_MOVE, message)
