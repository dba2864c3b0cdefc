"""What a student and the proctors of an attempt say to each other."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from schema.conversation import Call, Said, Saying, Side, Standing


class ConversationBook(Protocol):
    """Messages, read marks and raised hands (schema `_monitoring`)."""

    async def say(self, saying: Saying) -> Said:
        """Keep a message once. Raises INVALID when its key was used for another text."""

    async def since(self, attempt_id: UUID, after: int, limit: int) -> Sequence[Said]:
        """Up to `limit` messages with a number beyond `after`, in their order."""

    async def standings(self, attempt_ids: Collection[UUID]) -> Mapping[UUID, Standing]:
        """How conversations stand; those that never began are missing."""

    async def versions(self, attempt_ids: Collection[UUID]) -> Mapping[UUID, int]:
        """Their versions alone, for those who wait for a change."""

    async def mark_read(self, attempt_id: UUID, side: Side, up_to: int) -> Standing:
        """This side has read up to a number; a mark never goes back, and never beyond the last message."""

    async def raise_hand(self, attempt_id: UUID, at: datetime) -> Standing:
        """A hand that is up stays up since when it was raised."""

    async def unanswered(self, begin: datetime, end: datetime) -> Sequence[Call]:
        """Students who wait for the proctors since a moment from `begin` to `end`, one call each, oldest first."""

    async def lower_hand(self, attempt_id: UUID, by: Side, at: datetime) -> Standing:
        """A hand that is down stays as it is."""
