"""The world of the in-memory twins."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from activities.adapters.memory.answer_book import MemoryAnswerBook
from activities.adapters.memory.attempt_book import MemoryAttemptBook
from activities.adapters.memory.checkpoint_book import MemoryCheckpointBook
from activities.adapters.memory.conversation_book import MemoryConversationBook
from activities.adapters.memory.corrections import MemoryCorrections
from activities.adapters.memory.directory import MemoryDirectory
from activities.adapters.memory.exam_catalog import MemoryExamCatalog
from activities.adapters.memory.feed_book import MemoryFeedBook
from activities.adapters.memory.hold_book import MemoryHoldBook
from activities.adapters.memory.incident_book import MemoryIncidentBook
from activities.adapters.memory.mail_book import MemoryMailBook
from activities.adapters.memory.mark_book import MemoryMarkBook
from activities.adapters.memory.monitoring import MemoryMonitoring
from activities.adapters.memory.notification_book import MemoryNotificationBook
from activities.adapters.memory.operation_book import MemoryOperationBook
from activities.adapters.memory.outage_book import MemoryOutageBook
from activities.adapters.memory.reservations import MemoryReservations
from activities.adapters.memory.review_book import MemoryReviewBook
from activities.adapters.memory.seat_book import MemorySeatBook
from activities.adapters.memory.service_book import MemoryServiceBook
from activities.adapters.memory.window_book import MemoryWindowBook
from activities.ports import Contact
from schema.exam import Exam, Slot
from schema.outage.giving import seconds
from schema.outage.interval import Interval
from schema.outage.service import Rules
from tests.contracts.builder import NOON
from tests.contracts.world import Books


class MemoryWorld:
    """Implements World over dictionaries."""

    def __init__(self) -> None:
        self.reservations = MemoryReservations()
        self.corrections = MemoryCorrections()
        self.monitoring = MemoryMonitoring()
        self.directory = MemoryDirectory()
        self.notification_book = MemoryNotificationBook()
        outboxes = (self.reservations.outbox, self.monitoring.outbox, self.corrections.outbox)
        mails = MemoryMailBook(now=lambda: NOON)
        self.books = Books(
            seats=MemorySeatBook(self.reservations),
            slots=MemorySeatBook(self.reservations),
            attempts=MemoryAttemptBook(self.reservations),
            index=MemoryAttemptBook(self.reservations),
            holds=MemoryHoldBook(self.reservations),
            exams=MemoryExamCatalog(self.reservations),
            windows=MemoryWindowBook(self.corrections),
            answers=MemoryAnswerBook(self.corrections),
            marks=MemoryMarkBook(self.corrections),
            reviews=MemoryReviewBook(self.corrections),
            operations=MemoryOperationBook(),
            feeds=MemoryFeedBook(self.monitoring),
            checkpoints=MemoryCheckpointBook(self.monitoring),
            incidents=MemoryIncidentBook(self.monitoring),
            conversations=MemoryConversationBook(),
            directory=self.directory,
            mails=mails,
            pauses=mails,
            notifications=self.notification_book,
            outboxes=outboxes,
            mirrored=tuple(outbox.mirror() for outbox in outboxes),
        )

    async def add_slot(self, slot: Slot) -> None:
        self.reservations.slots[slot.slot_id] = slot

    async def seats_taken(self, slot_id: UUID) -> int:
        return self.reservations.slots[slot_id].seats_taken

    async def waitlist_numbers(self, slot_id: UUID) -> list[int]:
        waiting = [it.waitlist_number for it in self.reservations.attempts.values() if it.slot_id == slot_id]
        return sorted(number for number in waiting if number is not None)

    async def add_exam(self, exam: Exam) -> None:
        self.reservations.exams[exam.exam_id, exam.version] = exam

    async def add_person(self, contact: Contact, *roles: str, is_disabled: bool = False) -> None:
        self.directory.add(contact, *roles, is_disabled=is_disabled)

    async def feed_opens(self, attempt_id: UUID) -> bool | None:
        feed = self.monitoring.feeds.get(attempt_id)
        return None if feed is None else feed.opens

    async def set_final_offset(self, attempt_id: UUID, offset: int) -> None:
        self.monitoring.feeds[attempt_id].final_offset = offset

    async def ruling(self, incident_id: UUID) -> tuple[str, str]:
        known = self.monitoring.incidents[incident_id]
        return known.ruling or "", known.ruling_reason

    async def held_review(self, review_id: UUID) -> tuple[str, UUID | None]:
        known = self.corrections.reviews[review_id]
        return known.stage.value, known.assignee_id

    async def notifications(self, person_id: UUID) -> list[tuple[str, dict[str, str]]]:
        kept = self.notification_book.notifications.items()
        return [said for (person, _occasion), said in kept if person == person_id]

    def outage_book(self, rules: Rules) -> MemoryOutageBook:
        return MemoryOutageBook(self.reservations, rules)

    def service_book(
        self, tolerance: timedelta, now: Callable[[], datetime], boot: Callable[[], float]
    ) -> MemoryServiceBook:
        return MemoryServiceBook(self.reservations, tolerance, now, boot)

    async def outages(self) -> list[tuple[Interval, str]]:
        found = [(one.silence, one.cause) for one in self.reservations.outages.outages]
        return sorted(found, key=lambda one: one[0].start)

    async def owed(self) -> list[tuple[str, int, int, str]]:
        found = sorted(self.reservations.outages.owed.values(), key=lambda one: one.loss.silence.start)
        return [(one.state.value, seconds(one.lost), seconds(one.added), one.why_less) for one in found]

    async def notified_attempts(self, person_id: UUID) -> list[UUID | None]:
        kept = self.notification_book.attempts.items()
        return [attempt_id for (person, _occasion), attempt_id in kept if person == person_id]
