"""The snapshot beside an attempt's row: what another run of its workflow can go on from."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from schema.attempt import Phase
from schema.conduct import new_state
from schema.db.tables.reservations import AttemptRow, AttemptSnapshot
from schema.lifecycle import AttemptInput, AttemptProjection
from schema.orphan import Written
from schema.task import HoldSeat
from schema.waiting import begin_waiting


def written_of(row: AttemptRow, known: AttemptSnapshot | None) -> Written:
    """What the read model holds of the attempt."""
    if known is None:
        return Written(version=row.version)
    return Written(
        generation=known.generation, version=row.version, snapshot=AttemptInput.model_validate(known.content)
    )


async def write_snapshot(
    session: AsyncSession, known: AttemptSnapshot | None, projection: AttemptProjection, now: datetime
) -> None:
    """Keep the projection's snapshot; a workflow of an older worker has none to give."""
    if projection.snapshot is None:
        return
    row = known or AttemptSnapshot(attempt_id=projection.view.attempt_id)
    row.generation, row.version = projection.generation, projection.view.version
    row.content, row.updated_at = projection.snapshot.model_dump(mode="json"), now
    row.contradicted_at = row.settled_at = None
    session.add(row)


def contradict(known: AttemptSnapshot, projection: AttemptProjection, now: datetime) -> None:
    """Remember that a workflow of this very generation knows another past; an older one's may be a late try."""
    if projection.generation == known.generation and projection.view.version >= known.version:
        known.contradicted_at = now


def first_snapshot(request: HoldSeat, phase: Phase, now: datetime) -> AttemptSnapshot:
    """Of an attempt that has just got its seat or its place in line."""
    state = new_state(request.attempt, request.hold_until - request.attempt.policy.hold)
    if phase is Phase.WAITLISTED:
        begin_waiting(state)
    content = request.attempt.model_copy(update={"resumed": state})
    return AttemptSnapshot(
        attempt_id=request.attempt.attempt_id,
        generation=request.attempt.generation,
        version=state.version,
        content=content.model_dump(mode="json"),
        updated_at=now,
    )
