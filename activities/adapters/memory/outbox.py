"""The in-memory twin of an Outbox, with the way to publish into it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from schema.events import Envelope, Source
from schema.ids import event_id_for
from schema.publication import Subject, Told


class MemoryOutbox:
    """Implements Outbox; `envelopes` are all events so far, relayed or not, in the order of their birth."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.envelopes: list[Envelope] = []
        self._published: dict[UUID, datetime] = {}
        self._mirror: MemoryMirrorOutbox | None = None
        self._sequences: Counter[UUID] = Counter()

    def publish(self, subject: Subject, told: Iterable[Told]) -> list[Envelope]:
        """Add events that were not added before, numbered without a gap; returns the new ones."""
        known = {envelope.event_id for envelope in self.envelopes}
        ids = ((event_id_for(self.source, subject.attempt_id, event.name), event) for event in told)
        new = [self._envelope(event_id, subject, event) for event_id, event in ids if event_id not in known]
        self.envelopes += new
        return new

    async def unpublished(self, limit: int) -> Sequence[Envelope]:
        """The oldest unpublished events."""
        return [found for found in self.envelopes if found.event_id not in self._published][:limit]

    async def mark_published(self, event_ids: Sequence[UUID], at: datetime) -> None:
        """They need not be relayed again; marking them again keeps the first time."""
        for event_id in event_ids:
            self._published.setdefault(event_id, at)

    async def forget_published(self, before: datetime) -> int:
        """Drop events that were published before this instant; returns how many."""
        gone = {event_id for event_id, at in self._published.items() if at < before}
        if self._mirror is not None:
            gone &= self._mirror.published_before(before)
        kept = [envelope for envelope in self.envelopes if envelope.event_id not in gone]
        count, self.envelopes = len(self.envelopes) - len(kept), kept
        return count

    def mirror(self) -> "MemoryMirrorOutbox":
        """The same events for another relay; from now on they are forgotten once both have published them."""
        self._mirror = MemoryMirrorOutbox(self)
        return self._mirror

    def _envelope(self, event_id: UUID, subject: Subject, told: Told) -> Envelope:
        self._sequences[subject.attempt_id] += 1
        return Envelope(
            event_id=event_id,
            type=told.topic,
            occurred_at=told.at,
            organisation_id=subject.organisation_id,
            attempt_id=subject.attempt_id,
            exam_id=subject.exam_id,
            student_id=subject.student_id,
            cohort_id=subject.cohort_id,
            source=self.source,
            sequence=self._sequences[subject.attempt_id],
            data=told.data.model_dump(mode="json"),
        )


class MemoryMirrorOutbox:
    """Implements Outbox over the events of another one, with marks of its own."""

    def __init__(self, origin: MemoryOutbox) -> None:
        self.source = origin.source
        self._origin = origin
        self._published: dict[UUID, datetime] = {}

    def published_before(self, instant: datetime) -> set[UUID]:
        """The events that were marked here before this instant."""
        return {event_id for event_id, at in self._published.items() if at < instant}

    async def unpublished(self, limit: int) -> Sequence[Envelope]:
        """The oldest unpublished events."""
        return [found for found in self._origin.envelopes if found.event_id not in self._published][:limit]

    async def mark_published(self, event_ids: Sequence[UUID], at: datetime) -> None:
        """They need not be relayed again; marking them again keeps the first time."""
        for event_id in event_ids:
            self._published.setdefault(event_id, at)

    async def forget_published(self, before: datetime) -> int:
        """Drop events that both have published before this instant; returns how many."""
        return await self._origin.forget_published(before)
