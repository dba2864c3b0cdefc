"""The in-memory twin of the DataPurge."""

from uuid import UUID

from schema.retention import DataClass, DeleteData


class MemoryDataPurge:
    """Implements DataPurge over counts of rows by attempt and class; `rows` and `holds` are set by who plays."""

    def __init__(self) -> None:
        self.rows: dict[tuple[UUID, DataClass], int] = {}
        self.holds: set[UUID] = set()

    async def purge(self, request: DeleteData) -> int:
        """Delete rows and return how many there were."""
        return self.rows.pop((request.attempt_id, request.data_class), 0)

    async def is_on_hold(self, attempt_id: UUID) -> bool:
        """Whether deletion is blocked."""
        return attempt_id in self.holds
