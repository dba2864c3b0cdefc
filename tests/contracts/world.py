"""The two worlds that each port's suite runs in, and the few things a test does to them beside the ports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from activities import ports
from activities.ports import Contact
from schema.events import Envelope, Source
from schema.exam import Exam, Slot
from schema.outage.interval import Interval
from schema.outage.service import Rules


@dataclass(frozen=True, slots=True)
class Books:
    """Every book of one world."""

    seats: ports.SeatBook
    slots: ports.SlotBook
    attempts: ports.AttemptBook
    index: ports.AttemptIndex
    holds: ports.HoldBook
    exams: ports.ExamCatalog
    windows: ports.WindowBook
    answers: ports.AnswerBook
    marks: ports.MarkBook
    reviews: ports.ReviewBook
    operations: ports.OperationBook
    feeds: ports.FeedBook
    checkpoints: ports.CheckpointBook
    incidents: ports.IncidentBook
    conversations: ports.ConversationBook
    directory: ports.Directory
    mails: ports.MailBook
    pauses: ports.MailPauses
    notifications: ports.NotificationBook
    outboxes: tuple[ports.Outbox, ...]
    mirrored: tuple[ports.Outbox, ...]


class World(Protocol):
    """Where a suite runs."""

    books: Books

    async def add_slot(self, slot: Slot) -> None: ...

    async def seats_taken(self, slot_id: UUID) -> int: ...

    async def waitlist_numbers(self, slot_id: UUID) -> list[int]: ...

    async def add_exam(self, exam: Exam) -> None: ...

    async def add_person(self, contact: Contact, *roles: str, is_disabled: bool = False) -> None: ...

    async def feed_opens(self, attempt_id: UUID) -> bool | None: ...

    async def set_final_offset(self, attempt_id: UUID, offset: int) -> None: ...

    async def ruling(self, incident_id: UUID) -> tuple[str, str]: ...

    async def held_review(self, review_id: UUID) -> tuple[str, UUID | None]:
        """The stage of a review as it is shown, and who holds it."""

    async def notifications(self, person_id: UUID) -> list[tuple[str, dict[str, str]]]: ...

    def outage_book(self, rules: Rules) -> ports.OutageBook: ...

    def service_book(
        self, tolerance: timedelta, now: Callable[[], datetime], boot: Callable[[], float]
    ) -> ports.ServiceBook: ...

    async def outages(self) -> list[tuple[Interval, str]]:
        """Each with its cause, the oldest first."""

    async def owed(self) -> list[tuple[str, int, int, str]]:
        """State, seconds lost and added, and why less, the oldest first."""

    async def notified_attempts(self, person_id: UUID) -> list[UUID | None]: ...


async def told(world: World, source: Source) -> list[Envelope]:
    """All events of a source that wait for the relay."""
    outbox = next(outbox for outbox in world.books.outboxes if outbox.source is source)
    return list(await outbox.unpublished(1_000))


async def topics(world: World, source: Source) -> list[str]:
    """Their topics, in the order of their sequence; asserts that there is no gap."""
    envelopes = await told(world, source)
    by_attempt: dict[UUID, list[int]] = {}
    for envelope in envelopes:
        by_attempt.setdefault(envelope.attempt_id, []).append(envelope.sequence)
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in by_attempt.values())
    return [envelope.type.value for envelope in envelopes]
