"""The in-memory twin of the TitleSource."""

from uuid import UUID

from schema.failures import Failure, FailureType


class MemoryTitleSource:
    """Implements TitleSource over the titles that `add` names."""

    def __init__(self) -> None:
        self._titles: dict[UUID, str] = {}

    def add(self, exam_id: UUID, title: str) -> None:
        """What an exam is called now."""
        self._titles[exam_id] = title

    async def exam_title(self, exam_id: UUID) -> str:
        """Its current title. Raises NOT_FOUND."""
        if exam_id not in self._titles:
            raise Failure(
                FailureType.NOT_FOUND, "there is no such exam; go back and choose it again", exam_id=exam_id
            )
        return self._titles[exam_id]
