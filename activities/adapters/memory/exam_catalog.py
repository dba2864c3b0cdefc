"""The in-memory twin of the ExamCatalog."""

from uuid import UUID

from activities.adapters.memory.reservations import MemoryReservations
from schema.exam import Exam
from schema.failures import Failure, FailureType


class MemoryExamCatalog:
    """Implements ExamCatalog."""

    def __init__(self, reservations: MemoryReservations) -> None:
        self._reservations = reservations

    async def exam(self, exam_id: UUID, version: int) -> Exam:
        """The whole exam. Raises NOT_FOUND."""
        found = self._reservations.exams.get((exam_id, version))
        if found is None:
            raise Failure(FailureType.NOT_FOUND, f"this exam has no version {version}", exam_id=exam_id)
        return found
