"""The result of an attempt: for its student once it is released, for staff at any time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.counting import SqlCounting
from api.access.act import record_key_seen
from api.access.blind import refuse_blind
from api.context import Context, ContextOf
from api.corrections.attempt import AttemptFacts, attempt_facts, unknown_attempt
from api.corrections.result_item import item_result
from api.corrections.result_view import IncidentResult, ResultView, RightAnswersView
from api.corrections.shelf import ExamShelf
from api.corrections.verdict import appeal_until, appeals_of, integrity_reason
from api.security import SignedIn
from api.sitting.disclosure import Sat, right_answers
from api.token import CurrentPerson
from schema.db.tables.corrections import ItemMarkRow, MarkingRound
from schema.db.tables.monitoring import IncidentRow
from schema.db.tables.reservations import AttemptRow
from schema.exam import Exam
from schema.failures import Failure, FailureType
from schema.incident import IncidentKind, Severity
from schema.outcome import Release
from schema.role import Role
from schema.sitting.disclosure import Disclosure

router = APIRouter(prefix="/attempts/{attempt_id}")

STAFF = (Role.REVIEWER, Role.ADMIN)  # graders read blind: they learn of no mark and no incident
SHOWN = frozenset({Release.RELEASED, Release.APPEALED, Release.FINAL, Release.ARCHIVED})


@router.get("/results")
async def get_results(attempt_id: UUID, person: SignedIn, context: ContextOf) -> ResultView:
    """The marks of each question with their reasons, the total, and what was decided about incidents.

    Students see their own once it is released, and while an appeal is open the round before it; authors
    those of their exams. Right answers are shown to students as `right_answers` says.
    """
    facts = await attempt_facts(context, attempt_id, person)
    exam = await context.kept(ExamShelf).exam(facts.exam_id, facts.exam_version)
    is_staff = _check_access(facts, exam, person)
    if is_staff:
        await refuse_blind(context, attempt_id, person)
        await record_key_seen(context, person, exam.exam_id, exam.version, attempt_id)
    async with context.databases.corrections.read() as session:
        round_ = await _round(session, attempt_id, only_complete=not is_staff)
        rows = await _items(session, round_)
    shown = {row.question_id: row for row in rows}
    answers, ends_at = Disclosure.SHOWN, None
    if not is_staff:
        answers, ends_at = await right_answers(context, _sat(facts), exam)
    html = await context.kept(ExamShelf).html(exam)
    return ResultView(
        attempt_id=attempt_id,
        exam_id=exam.exam_id,
        exam_title=exam.title,
        release=facts.release,
        marking=facts.marking,
        integrity=facts.integrity,
        round_number=round_.round_number,
        earned=round_.earned,
        points=round_.points,
        percent=round_.percent,
        passed=round_.passed,
        completed_at=round_.completed_at,
        **await _standing(context, attempt_id, as_student=not is_staff),
        items=[
            item_result(one, shown[one.question_id], answers, html)
            for one in exam.questions
            if one.question_id in shown
        ],
        incidents=await _incidents(context, attempt_id, with_technical=is_staff),
        integrity_reason=await integrity_reason(context, attempt_id, facts.integrity),
        right_answers=RightAnswersView(shown=answers, last_slot_ends_at=ends_at),
        appeals=await appeals_of(context, attempt_id),
        appeal_until=await appeal_until(context, attempt_id, facts.release, exam),
    )


def _sat(facts: AttemptFacts) -> Sat:
    return Sat(facts.attempt_id, facts.student_id, facts.exam_id)


async def _standing(context: Context, attempt_id: UUID, *, as_student: bool) -> dict[str, Any]:
    async with context.databases.reservations.read() as session:
        row = await session.get_one(AttemptRow, attempt_id)
    standing = (await SqlCounting(context.databases).of([row], as_student=as_student)).get(attempt_id)
    if standing is None:
        return {}
    return {"counts": standing.counts, "counting": standing.rule, "sittings": standing.of_sittings}


def _check_access(facts: AttemptFacts, exam: Exam, person: CurrentPerson) -> bool:
    """True for staff. Raises NOT_FOUND, and ILLEGAL_MOVE for a student whose result is not released."""
    # Their own attempt is seen as a student, whatever else they are.
    if facts.student_id == person.person_id:
        if facts.release is Release.PURGED:
            said = "this result was deleted when its time of keeping was over"
            raise Failure(FailureType.NOT_FOUND, said, release=facts.release)
        if facts.release not in SHOWN:
            said = "this result is not released yet; you will be told when it is"
            raise Failure(FailureType.ILLEGAL_MOVE, said, release=facts.release)
        return False
    if person.has(*STAFF) or (person.has(Role.AUTHOR) and exam.author_id == person.person_id):
        return True
    raise unknown_attempt(facts.attempt_id)


async def _round(session: AsyncSession, attempt_id: UUID, *, only_complete: bool) -> MarkingRound:
    rounds = select(MarkingRound).where(MarkingRound.attempt_id == attempt_id)
    if only_complete:
        rounds = rounds.where(MarkingRound.completed_at.is_not(None))
    newest = (await session.scalars(rounds.order_by(MarkingRound.round_number.desc()).limit(1))).one_or_none()
    if newest is None:
        raise Failure(FailureType.NOT_FOUND, "this attempt has no marks yet; they come after it is handed in")
    return newest


async def _items(session: AsyncSession, round_: MarkingRound) -> Sequence[ItemMarkRow]:
    rows = select(ItemMarkRow).where(
        ItemMarkRow.attempt_id == round_.attempt_id, ItemMarkRow.round_number == round_.round_number
    )
    return (await session.scalars(rows)).all()


async def _incidents(context: Context, attempt_id: UUID, *, with_technical: bool) -> list[IncidentResult]:
    rows = select(IncidentRow).where(IncidentRow.attempt_id == attempt_id)
    if not with_technical:
        rows = rows.where(IncidentRow.severity != Severity.TECHNICAL)
    async with context.databases.monitoring.read() as session:
        found = await session.scalars(rows.order_by(IncidentRow.started_at, IncidentRow.incident_id))
        return [
            IncidentResult(
                incident_id=row.incident_id,
                kind=IncidentKind(row.kind),
                severity=Severity(row.severity),
                started_at=row.started_at,
                ended_at=row.ended_at,
                ruling=row.ruling,
                reason=row.ruling_reason,
            )
            for row in found
        ]
