"""The record of one attempt for proctors and admins: what happened, who decided, and what is kept of it."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select

from activities.adapters.sql.exam_catalog import SqlExamCatalog
from api.access.blind import refuse_blind
from api.context import Context, ContextOf
from api.coverage.figure import coverages_of
from api.monitoring.name import names_of
from api.reservations.access import find_attempt
from api.reservations.hold import hold_entries
from api.reservations.record_clock import clock_entry
from api.reservations.record_keeping import keeping_entry
from api.reservations.record_shape import IncidentEntry, MarkEntry, MoveEntry, RecordView, ReviewEntry
from api.reservations.search import Searcher, shown
from api.reservations.sitting import sittings_of
from api.reservations.sitting_shape import SittingsView
from api.token import CurrentPerson
from schema.db.tables.corrections import MarkingRound, ReviewRow
from schema.db.tables.monitoring import IncidentRow
from schema.db.tables.reservations import AttemptMove, AttemptRow, SlotRow
from schema.failures import Failure, FailureType
from schema.incident import IncidentKind, Severity
from schema.review import ReviewKind, ReviewStage
from schema.role import Role

MOST_INCIDENTS = 500

router = APIRouter(prefix="/attempts")


@router.get("/{attempt_id}/record", summary="Show an attempt's record")
async def show_record(attempt_id: UUID, person: Searcher, context: ContextOf) -> RecordView:
    """Never one's own. Incidents are the first 500."""
    async with context.databases.reservations.read() as session:
        row = await find_attempt(session, attempt_id, person)
        slot = await session.get_one(SlotRow, row.slot_id)
        of_attempt = select(AttemptMove).where(AttemptMove.attempt_id == attempt_id)
        moves = list(await session.scalars(of_attempt.order_by(AttemptMove.version)))
    if row.student_id == person.person_id:
        raise Failure(FailureType.FORBIDDEN, "this is your own attempt; ask a colleague")
    await refuse_blind(context, attempt_id, person)
    policy = (await SqlExamCatalog(context.databases.reservations).exam(row.exam_id, row.exam_version)).policy
    is_admin = person.has(Role.ADMIN)
    return RecordView(
        attempt=(await shown(context, [row]))[0],
        ends_at=slot.ends_at,
        exam_version=row.exam_version,
        submitted_at=row.submitted_at,
        has_report=bool(row.report_name),
        clock=clock_entry(row, moves, policy.duration),
        moves=await _moves(context, moves),
        coverage=(await coverages_of(context, [row])).get(attempt_id),
        incident_list=await _incidents(context, attempt_id),
        reviews=await _reviews(context, attempt_id) if is_admin else None,
        marks=await _marks(context, attempt_id) if is_admin else None,
        holds=await hold_entries(context, attempt_id) if is_admin else None,
        sittings=await _sittings(context, row, person) if is_admin else None,
        keeping=await keeping_entry(row, policy.retention, context.store),
    )


async def _sittings(context: Context, row: AttemptRow, person: CurrentPerson) -> SittingsView:
    of_student = select(AttemptRow).where(
        AttemptRow.student_id == row.student_id, AttemptRow.exam_id == row.exam_id
    )
    async with context.databases.reservations.read() as session:
        rows = list(await session.scalars(of_student.order_by(AttemptRow.created_at, AttemptRow.attempt_id)))
    return await sittings_of(context, rows, person)


async def _moves(context: Context, moves: Sequence[AttemptMove]) -> list[MoveEntry]:
    names = await names_of(context, {move.actor_id for move in moves if move.actor_id})
    plain = [name for name in MoveEntry.model_fields if name != "actor_name"]
    return [
        MoveEntry.model_validate(
            {
                **{name: getattr(move, name) for name in plain},
                "actor_name": names.get(move.actor_id, "") if move.actor_id else "",
            }
        )
        for move in moves
    ]


async def _incidents(context: Context, attempt_id: UUID) -> list[IncidentEntry]:
    query = (
        select(IncidentRow)
        .where(IncidentRow.attempt_id == attempt_id)
        .order_by(IncidentRow.started_at, IncidentRow.incident_id)
    )
    async with context.databases.monitoring.read() as session:
        rows = list(await session.scalars(query.limit(MOST_INCIDENTS)))
    names = await names_of(context, {UUID(row.acknowledged_by) for row in rows if row.acknowledged_by})
    return [
        IncidentEntry(
            incident_id=row.incident_id,
            kind=IncidentKind(row.kind),
            severity=Severity(row.severity),
            started_at=row.started_at,
            ended_at=row.ended_at,
            confidence=row.confidence,
            ruling=row.ruling,
            ruling_reason=row.ruling_reason,
            acknowledged_by_name=names.get(UUID(row.acknowledged_by), "") if row.acknowledged_by else "",
        )
        for row in rows
    ]


async def _reviews(context: Context, attempt_id: UUID) -> list[ReviewEntry]:
    query = select(ReviewRow).where(ReviewRow.attempt_id == attempt_id)
    async with context.databases.corrections.read() as session:
        rows = list(await session.scalars(query.order_by(ReviewRow.opened_at, ReviewRow.review_id)))
    people = {person for row in rows for person in (row.assignee_id, row.decided_by) if person}
    names = await names_of(context, people)
    return [_review(row, names) for row in rows]


def _review(row: ReviewRow, names: dict[UUID, str]) -> ReviewEntry:
    return ReviewEntry(
        review_id=row.review_id,
        kind=ReviewKind(row.kind),
        stage=ReviewStage(row.stage),
        round_number=row.round_number,
        opened_at=row.opened_at,
        escalate_at=row.escalate_at,
        assignee_name=names.get(row.assignee_id, "") if row.assignee_id else "",
        decided_at=row.decided_at,
        decided_by_name=names.get(row.decided_by, "") if row.decided_by else "",
        outcome=row.outcome,
    )


async def _marks(context: Context, attempt_id: UUID) -> list[MarkEntry]:
    query = select(MarkingRound).where(MarkingRound.attempt_id == attempt_id)
    async with context.databases.corrections.read() as session:
        rows = await session.scalars(query.order_by(MarkingRound.round_number))
        return [
            MarkEntry.model_validate({name: getattr(row, name) for name in MarkEntry.model_fields})
            for row in rows
        ]
