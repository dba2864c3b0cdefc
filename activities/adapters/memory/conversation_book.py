"""The in-memory twin of the ConversationBook."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from schema.conversation import SILENCE, Call, Said, Saying, Side, Standing, same_saying
from schema.ids import message_id_for


class MemoryConversationBook:
    """Implements ConversationBook over lists."""

    def __init__(self) -> None:
        self._said: dict[UUID, list[Said]] = {}
        self._standings: dict[UUID, Standing] = {}

    async def say(self, saying: Saying) -> Said:
        """Keep a message once. Raises INVALID when its key was used for another text."""
        message_id = message_id_for(saying.attempt_id, saying.author_id, saying.key)
        messages = self._said.setdefault(saying.attempt_id, [])
        for known in messages:
            if known.message_id == message_id:
                return same_saying(known, saying)
        said = Said(
            message_id=message_id,
            attempt_id=saying.attempt_id,
            number=len(messages) + 1,
            author_id=saying.author_id,
            side=saying.side,
            key=saying.key,
            text=saying.text,
            at=saying.at,
        )
        messages.append(said)
        self._change(saying.attempt_id, last_number=said.number)
        return said

    async def since(self, attempt_id: UUID, after: int, limit: int) -> Sequence[Said]:
        """Up to `limit` messages with a number beyond `after`, in their order."""
        return [said for said in self._said.get(attempt_id, []) if said.number > after][:limit]

    async def standings(self, attempt_ids: Collection[UUID]) -> Mapping[UUID, Standing]:
        """How conversations stand; those that never began are missing."""
        return {attempt: self._counted(attempt) for attempt in attempt_ids if attempt in self._standings}

    async def versions(self, attempt_ids: Collection[UUID]) -> Mapping[UUID, int]:
        """Their versions alone, for those who wait for a change."""
        return {
            attempt: standing.version for attempt, standing in (await self.standings(attempt_ids)).items()
        }

    async def mark_read(self, attempt_id: UUID, side: Side, up_to: int) -> Standing:
        """This side has read up to a number; a mark never goes back, and never beyond the last message."""
        standing = self._standing(attempt_id)
        mark = min(up_to, standing.last_number)
        if side is Side.STUDENT and mark > standing.read_by_student:
            self._change(attempt_id, read_by_student=mark)
        if side is Side.PROCTOR and mark > standing.read_by_proctors:
            self._change(attempt_id, read_by_proctors=mark)
        return self._counted(attempt_id)

    async def raise_hand(self, attempt_id: UUID, at: datetime) -> Standing:
        """A hand that is up stays up since when it was raised."""
        if self._standing(attempt_id).hand_raised_at is None:
            self._change(attempt_id, hand_raised_at=at, hand_lowered_at=None, hand_lowered_by=None)
        return self._counted(attempt_id)

    async def lower_hand(self, attempt_id: UUID, by: Side, at: datetime) -> Standing:
        """A hand that is down stays as it is."""
        if self._standing(attempt_id).hand_raised_at is not None:
            self._change(attempt_id, hand_raised_at=None, hand_lowered_at=at, hand_lowered_by=by)
        return self._counted(attempt_id)

    async def unanswered(self, begin: datetime, end: datetime) -> Sequence[Call]:
        """Hands that are up and first unread messages of students, whichever came first, oldest first."""
        moments = {attempt: self._waits_since(attempt) for attempt in self._standings}
        calls = [
            Call(attempt, min(within))
            for attempt, since in moments.items()
            if (within := [moment for moment in since if begin <= moment <= end])
        ]
        return sorted(calls, key=lambda call: call.since)

    def _waits_since(self, attempt_id: UUID) -> list[datetime]:
        standing = self._standing(attempt_id)
        unread = (
            said.at
            for said in self._said.get(attempt_id, [])
            if said.side is Side.STUDENT and said.number > standing.read_by_proctors
        )
        return [at for at in (standing.hand_raised_at, next(unread, None)) if at is not None]

    def _standing(self, attempt_id: UUID) -> Standing:
        return self._standings.setdefault(attempt_id, SILENCE)

    def _change(self, attempt_id: UUID, **values: object) -> None:
        old = self._standing(attempt_id)
        self._standings[attempt_id] = replace(old, version=old.version + 1, **values)  # type: ignore[arg-type]

    def _counted(self, attempt_id: UUID) -> Standing:
        standing = self._standing(attempt_id)
        return replace(
            standing,
            unread_by_student=self._unread(attempt_id, Side.PROCTOR, standing.read_by_student),
            unread_by_proctors=self._unread(attempt_id, Side.STUDENT, standing.read_by_proctors),
        )

    def _unread(self, attempt_id: UUID, author: Side, mark: int) -> int:
        messages = self._said.get(attempt_id, [])
        return sum(1 for said in messages if said.side is author and said.number > mark)
