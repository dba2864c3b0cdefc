"""The in-memory twin of the TitleSource."""

from uuid import UUID

from schema.failures import Failure, FailureType


class MemoryTitleSource:
    """Implements TitleSource over the titles that `add` names and the students that `sit` names."""

    def __init__(self) -> None:
        self._titles: dict[UUID, str] = {}
        self._students: dict[UUID, UUID] = {}

    def add(self, exam_id: UUID, title: str) -> None:
        """What an exam is called now."""
        self._titles[exam_id] = title

    def sit(self, attempt_id: UUID, student_id: UUID) -> None:
        """Whose attempt it is."""
        self._students[attempt_id] = student_id

    async def student_of(self, attempt_id: UUID) -> UUID | None:
        """Whose attempt it is; None for one that is not known."""
        return self._students.get(attempt_id)

    async def exam_title(self, exam_id: UUID) -> str:
        """Its current title. Raises NOT_FOUND."""
        if exam_id not in self._titles:
            raise Failure(
                FailureType.NOT_FOUND, "there is no such exam; go back and choose it again", exam_id=exam_id
            )
        return self._titles[exam_id]
