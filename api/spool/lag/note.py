"""Writes down what of this node's records waits for analysis, and since when."""

from datetime import timedelta
from uuid import UUID

from activities.adapters.sql.waiting import WaitingNote
from api.spool.attempt import SpooledAttempt
from api.spool.spool import Spool

EVERY = timedelta(seconds=2)


class WaitingNotes:
    """Notes what changed; an attempt is looked at until all that it sent is analysed."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._noted: dict[UUID, WaitingNote] = {}
        self._next_at = spool.now()

    async def note(self) -> None:
        """Every two seconds, however often it is called."""
        now = self._spool.now()
        if abs(now - self._next_at) < EVERY and now < self._next_at:
            return
        self._next_at = now + EVERY
        waiting = [attempt for attempt in self._spool.attempts.values() if attempt.arrivals]
        if not waiting:
            return
        analysed = await self._spool.waiting.analysed([attempt.attempt_id for attempt in waiting])
        for attempt in waiting:
            attempt.arrivals.drop(analysed.get(attempt.attempt_id, -1))
        notes = [note for attempt in waiting if (note := self._news(attempt))]
        if notes:
            await self._spool.waiting.note(notes)
        self._noted.update((note.attempt_id, note) for note in notes)

    def forget(self, attempt_id: UUID) -> None:
        """Nothing of it is here any more."""
        self._noted.pop(attempt_id, None)

    def _news(self, attempt: SpooledAttempt) -> WaitingNote | None:
        oldest = attempt.arrivals.oldest
        note = WaitingNote(
            attempt.attempt_id,
            attempt.last_offset,
            oldest.offset if oldest else None,
            oldest.at if oldest else None,
            attempt.arrivals.frames,
        )
        return None if note == self._noted.get(attempt.attempt_id) else note
