"""The lake, what is printed into it, what is exported and what is deleted."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from schema.dossier import Dossier, Pictures
from schema.retention import DataClass, DeleteData, Hold


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of the store."""

    name: str
    size: int


class ObjectStore(Protocol):
    """The lake: large objects by name ('/'-separated, never ':'). Writes are atomic: whole or not at all."""

    async def put(self, name: str, data: bytes | AsyncIterator[bytes]) -> StoredObject:
        """Write or replace an object."""

    async def get(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        """Read a range. Raises NOT_FOUND."""

    async def stat(self, name: str) -> StoredObject | None:
        """Size, or None."""

    async def list(self, prefix: str) -> Sequence[StoredObject]:
        """All objects below a folder."""

    async def delete(self, name: str) -> None:
        """Remove; one that is gone is no error."""

    async def sweep(self, age: timedelta) -> int:
        """Remove what writes left behind that broke off this long ago or longer; how many they were."""


class ObjectIndex(Protocol):
    """Where an attempt's objects lie in the store, as far as the databases know."""

    async def folders(self, attempt_id: UUID, data_class: DataClass) -> Sequence[str]:
        """Folders that hold nothing but this attempt's data of the class, and names of single objects."""


class DossierSource(Protocol):
    """Everything that is known of an attempt, read from each schema on its own."""

    async def dossier(self, attempt_id: UUID) -> Dossier:
        """What stands in the report; parts that never came to be are empty. Raises NOT_FOUND."""

    async def holds(self, attempt_id: UUID) -> tuple[Hold, ...]:
        """Its holds, the oldest first: most are set when the dossier has been written already."""


class ReportPrinter(Protocol):
    """Sets an attempt's dossier as a document."""

    def print(self, dossier: Dossier, pictures: Pictures, identity: bytes | None) -> bytes:
        """A PDF with the evidence pictures and the identity photo that are there; the same input, the same bytes."""


class TablePrinter(Protocol):
    """Sets parts of a dossier as CSV."""

    def results(self, dossier: Dossier) -> bytes:
        """One line per question and round, decimals exact."""

    def anomalies(self, dossier: Dossier) -> bytes:
        """One line per incident."""


class HistorySource(Protocol):
    """Histories of workflows."""

    async def export(self, workflow_id: str) -> Sequence[tuple[str, bytes]]:
        """(run id, history as JSON) of every run. Raises UNAVAILABLE while the workflow is open, NOT_FOUND."""


class DataPurge(Protocol):
    """Deletes an attempt's data by class, across one schema each."""

    async def purge(self, request: DeleteData) -> int:
        """Delete rows, verify, and return how many there were."""

    async def is_on_hold(self, attempt_id: UUID) -> bool:
        """Whether deletion is blocked."""
