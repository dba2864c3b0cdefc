"""What a review is about: the essay that was marked in its round, the attempt's incidents, the appeal."""

from uuid import UUID

from sqlalchemy import func, select

from api.context import Context
from api.corrections.review_view import (
    FIRST_LOOK,
    SECOND_LOOK,
    CriterionView,
    EarlierDecision,
    EssayView,
    IncidentBrief,
)
from api.corrections.shelf import ExamShelf
from schema.db.tables.corrections import ItemMarkRow, ReviewRow
from schema.db.tables.monitoring import EvidenceRow, IncidentRow
from schema.db.tables.reservations import AppealRow, AttemptRow
from schema.exam import Exam
from schema.failures import Failure, FailureType
from schema.ids import review_id_for
from schema.incident import EvidenceMoment, IncidentKind, Severity
from schema.lag.late import late_by
from schema.rubric import essay_of


async def exam_of(context: Context, row: ReviewRow, *people: UUID) -> Exam:
    """The version of the exam that the attempt was reserved with.

    Raises NOT_FOUND, and FORBIDDEN when the student is one of `people`: nobody decides on their own work.
    """
    async with context.databases.reservations.read() as session:
        attempt = await session.get(AttemptRow, row.attempt_id)
    if attempt is None:
        raise Failure(FailureType.NOT_FOUND, "the attempt of this review is gone", review_id=row.review_id)
    if attempt.student_id in people:
        raise Failure(FailureType.FORBIDDEN, "this review is not for you; take another one")
    return await context.kept(ExamShelf).exam(attempt.exam_id, attempt.exam_version)


async def essay_view(context: Context, row: ReviewRow, exam: Exam) -> EssayView:
    """The question, its rubric, and the answer as it was snapshotted for this round. Raises NOT_FOUND."""
    essay = essay_of(exam, row.subject)
    async with context.databases.corrections.read() as session:
        item = await session.get(ItemMarkRow, (row.attempt_id, row.round_number, essay.question_id))
    html = await context.kept(ExamShelf).html(exam)
    answer = item.answer if item is not None and item.answer is not None else {}
    return EssayView(
        question_id=essay.question_id,
        question_html=html.block(essay.text),
        answer=str(answer.get("text", "")),
        points=essay.points,
        rubric=[
            CriterionView(key=line.key, html=html.line(line.text), points=line.points)
            for line in essay.rubric
        ],
    )


async def incidents_of(context: Context, attempt_id: UUID) -> list[IncidentBrief]:
    """All incidents of the attempt by start, technical ones included: they explain gaps."""
    rows = select(IncidentRow).where(IncidentRow.attempt_id == attempt_id)
    shots = (
        select(EvidenceRow.incident_id, func.min(EvidenceRow.captured_at))
        .where(EvidenceRow.attempt_id == attempt_id, EvidenceRow.moment == EvidenceMoment.AT)
        .group_by(EvidenceRow.incident_id)
    )
    async with context.databases.monitoring.read() as session:
        opened = {incident_id: at for incident_id, at in await session.execute(shots)}  # noqa: C416 - rows
        found = await session.scalars(rows.order_by(IncidentRow.started_at, IncidentRow.incident_id))
        return [
            IncidentBrief(
                incident_id=row.incident_id,
                kind=IncidentKind(row.kind),
                severity=Severity(row.severity),
                started_at=row.started_at,
                ended_at=row.ended_at,
                confidence=row.confidence,
                rule=row.rule,
                late_seconds=late_by(opened.get(row.incident_id, row.started_at), row.created_at),
            )
            for row in found
        ]


async def earlier_decision(context: Context, row: ReviewRow) -> EarlierDecision | None:
    """The first reviewer's decision, where this is the second look."""
    if row.subject != SECOND_LOOK:
        return None
    first = review_id_for(row.attempt_id, FIRST_LOOK, row.round_number)
    async with context.databases.corrections.read() as session:
        found = await session.get(ReviewRow, first)
    if found is None or found.decided_at is None or found.verdict is None:
        return None
    return EarlierDecision(
        decided_at=found.decided_at, outcome=found.outcome, reason=str(found.verdict.get("reason", ""))
    )


async def appeal_text(context: Context, row: ReviewRow) -> str | None:
    """What the student wrote in the newest appeal before the review was opened; None where there was none."""
    rows = (
        select(AppealRow.text)
        .where(AppealRow.attempt_id == row.attempt_id, AppealRow.created_at <= row.opened_at)
        .order_by(AppealRow.created_at.desc())
        .limit(1)
    )
    async with context.databases.reservations.read() as session:
        return await session.scalar(rows)
