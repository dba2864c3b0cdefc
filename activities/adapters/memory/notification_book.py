"""The in-memory twin of the NotificationBook."""

from uuid import UUID


class MemoryNotificationBook:
    """Implements NotificationBook; `notifications` maps (person, occasion) to (kind, facts), `attempts` to an id."""

    def __init__(self) -> None:
        self.notifications: dict[tuple[UUID, str], tuple[str, dict[str, str]]] = {}
        self.attempts: dict[tuple[UUID, str], UUID | None] = {}

    async def add(
        self,
        person_id: UUID,
        occasion: str,
        kind: str,
        facts: dict[str, str],
        *,
        attempt_id: UUID | None = None,
    ) -> None:
        """One per person and occasion."""
        self.notifications.setdefault((person_id, occasion), (kind, dict(facts)))
        self.attempts.setdefault((person_id, occasion), attempt_id)
