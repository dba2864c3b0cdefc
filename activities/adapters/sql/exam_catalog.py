"""Frozen versions of exams over `_reservations`."""

from uuid import UUID

from schema.db.session import Database
from schema.db.tables.reservations import ExamVersion
from schema.exam import Exam
from schema.failures import Failure, FailureType


class SqlExamCatalog:
    """Implements ExamCatalog."""

    def __init__(self, reservations: Database) -> None:
        self._reservations = reservations

    async def exam(self, exam_id: UUID, version: int) -> Exam:
        """The whole exam, answer keys included. Raises NOT_FOUND."""
        async with self._reservations.read() as session:
            row = await session.get(ExamVersion, (exam_id, version))
        if row is None:
            raise Failure(FailureType.NOT_FOUND, f"this exam has no version {version}", exam_id=exam_id)
        return Exam.model_validate(row.content)
