"""Attempts with what is to be kept of them, in memory."""

from collections.abc import AsyncIterator
from uuid import UUID

from activities.ports.audit import KeptAttempt
from schema.retention import DataClass


class MemoryRetentionRegister:
    """Implements RetentionRegister over `kept` and `left`, rows by attempt and class."""

    def __init__(self) -> None:
        self.kept: dict[UUID, KeptAttempt] = {}
        self.left: dict[tuple[UUID, DataClass], int] = {}

    async def attempts(self) -> AsyncIterator[KeptAttempt]:
        """Every attempt there is, by id."""
        for attempt_id in sorted(self.kept):
            yield self.kept[attempt_id]

    async def knows(self, attempt_id: UUID) -> bool:
        """Whether there is a row of it."""
        return attempt_id in self.kept

    async def rows(self, attempt_id: UUID, data_class: DataClass) -> int:
        """How many rows of a class are left."""
        return self.left.get((attempt_id, data_class), 0)
