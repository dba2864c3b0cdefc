"""The in-memory twin of the AttemptBook."""

from collections.abc import Collection, Mapping
from uuid import UUID

from activities.adapters.memory.reservations import MemoryAttempt, MemoryReservations
from schema.attempt import FINAL_PHASES, Phase
from schema.lifecycle import AttemptProjection
from schema.orphan import Order, forked, order_of


def _same(one: MemoryAttempt, other: MemoryAttempt) -> bool:
    """Whether both are of the same student at the same exam."""
    return (one.input.student_id, one.input.exam_id) == (other.input.student_id, other.input.exam_id)


class MemoryAttemptBook:
    """Implements AttemptBook and AttemptIndex."""

    def __init__(self, reservations: MemoryReservations) -> None:
        self._reservations = reservations

    async def project(self, projection: AttemptProjection) -> None:
        """Write attempt, moves and events; what is written is ignored. Raises NOT_FOUND, CONFLICT."""
        attempt = self._reservations.attempt(projection.view.attempt_id)
        order = order_of(projection, attempt.written)
        if order is Order.FORKED:
            raise forked(projection)
        if order is Order.KNOWN:
            return
        attempt.projection, attempt.slot_id = projection, projection.view.slot_id
        if projection.view.phase in FINAL_PHASES:
            attempt.is_active = False
        elif not attempt.is_active:
            others = self._reservations.attempts.values()
            attempt.is_active = not any(other.is_active and _same(other, attempt) for other in others)
        for step in projection.steps:
            self._reservations.remember(attempt, step)

    async def exams_of(self, attempt_ids: Collection[UUID], phases: Collection[Phase]) -> Mapping[UUID, UUID]:
        """The exam by attempt, of those attempts that stand in one of the phases."""
        known = self._reservations.attempts.items()
        return {
            attempt_id: attempt.input.exam_id
            for attempt_id, attempt in known
            if attempt_id in attempt_ids and attempt.phase in phases
        }
