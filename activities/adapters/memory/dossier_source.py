"""The in-memory twin of the DossierSource."""

from uuid import UUID

from schema.dossier import Dossier
from schema.failures import Failure, FailureType
from schema.retention import Hold


class MemoryDossierSource:
    """Implements DossierSource over the dossiers that `add` names."""

    def __init__(self) -> None:
        self._dossiers: dict[UUID, Dossier] = {}

    def add(self, dossier: Dossier) -> None:
        """What is known of an attempt now."""
        self._dossiers[dossier.attempt_id] = dossier

    async def dossier(self, attempt_id: UUID) -> Dossier:
        """What stands in the report. Raises NOT_FOUND for an attempt that was never reserved."""
        if attempt_id not in self._dossiers:
            raise Failure(
                FailureType.NOT_FOUND, "there is no such attempt to report on", attempt_id=attempt_id
            )
        return self._dossiers[attempt_id]

    async def holds(self, attempt_id: UUID) -> tuple[Hold, ...]:
        """Its holds, the oldest first."""
        known = self._dossiers.get(attempt_id)
        return known.holds if known else ()
