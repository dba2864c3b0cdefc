"""The in-memory twin of the ObjectIndex."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from schema.retention import DataClass


class MemoryObjectIndex:
    """Implements ObjectIndex over the folders that `add` names."""

    def __init__(self) -> None:
        self._folders: dict[tuple[UUID, DataClass], list[str]] = defaultdict(list)

    def add(self, attempt_id: UUID, data_class: DataClass, folder: str) -> None:
        """Another folder or single object."""
        self._folders[attempt_id, data_class].append(folder)

    async def folders(self, attempt_id: UUID, data_class: DataClass) -> Sequence[str]:
        """Folders and single objects of one class of an attempt's data."""
        return tuple(self._folders[attempt_id, data_class])
