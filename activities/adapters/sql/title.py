"""What exams are called and whose attempts are, over `_reservations`."""

from uuid import UUID

from sqlalchemy import select

from schema.db.session import Database
from schema.db.tables.reservations import AttemptRow, ExamRow
from schema.failures import Failure, FailureType


class SqlTitleSource:
    """Implements TitleSource."""

    def __init__(self, reservations: Database) -> None:
        self._reservations = reservations

    async def student_of(self, attempt_id: UUID) -> UUID | None:
        """Whose attempt it is; None for one that is not known."""
        async with self._reservations.read() as session:
            return await session.scalar(
                select(AttemptRow.student_id).where(AttemptRow.attempt_id == attempt_id)
            )

    async def exam_title(self, exam_id: UUID) -> str:
        """Its current title. Raises NOT_FOUND."""
        async with self._reservations.read() as session:
            exam = await session.get(ExamRow, exam_id)
        if exam is None:
            raise Failure(
                FailureType.NOT_FOUND, "there is no such exam; go back and choose it again", exam_id=exam_id
            )
        return exam.title
