"""The world of real databases: SQLite files."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from activities.adapters.sql.answer_book import SqlAnswerBook
from activities.adapters.sql.attempt_book import SqlAttemptBook
from activities.adapters.sql.checkpoint_book import SqlCheckpointBook
from activities.adapters.sql.conversation_book import SqlConversationBook
from activities.adapters.sql.directory import SqlDirectory
from activities.adapters.sql.exam_catalog import SqlExamCatalog
from activities.adapters.sql.feed_book import SqlFeedBook
from activities.adapters.sql.hold_book import SqlHoldBook
from activities.adapters.sql.incident_book import SqlIncidentBook
from activities.adapters.sql.mail_book import SqlMailBook
from activities.adapters.sql.mail_pause import SqlMailPauses
from activities.adapters.sql.mark_book import SqlMarkBook
from activities.adapters.sql.notification_book import SqlNotificationBook
from activities.adapters.sql.operation_book import SqlOperationBook
from activities.adapters.sql.outage_book import SqlOutageBook
from activities.adapters.sql.outbox import Mark, outboxes_of
from activities.adapters.sql.review_book import SqlReviewBook
from activities.adapters.sql.seat_book import SqlSeatBook
from activities.adapters.sql.service_book import SqlServiceBook
from activities.adapters.sql.window_book import SqlWindowBook
from activities.ports import Contact
from schema.db.session import Databases
from schema.db.tables.corrections import ReviewRow
from schema.db.tables.monitoring import AttemptFeed, IncidentRow
from schema.db.tables.notifications import NotificationRow
from schema.db.tables.outage import OutageRow, OwedTime
from schema.db.tables.reservations import AttemptRow, ExamVersion, SlotRow
from schema.db.tables.users import Person, PersonRole
from schema.exam import Exam, Slot
from schema.ids import DEFAULT_ORGANISATION
from schema.outage.interval import Interval
from schema.outage.service import Rules
from tests.contracts.builder import NOON
from tests.contracts.world import Books

BOTH = frozenset({Mark.PUBLISHED, Mark.MIRRORED})


class SqlWorld:
    """Implements World over migrated databases."""

    def __init__(self, databases: Databases) -> None:
        self.databases = databases
        self.books = Books(
            seats=SqlSeatBook(databases.reservations),
            slots=SqlSeatBook(databases.reservations),
            attempts=SqlAttemptBook(databases.reservations),
            index=SqlAttemptBook(databases.reservations),
            holds=SqlHoldBook(databases.reservations),
            exams=SqlExamCatalog(databases.reservations),
            windows=SqlWindowBook(databases.corrections),
            answers=SqlAnswerBook(databases.corrections),
            marks=SqlMarkBook(databases.corrections),
            reviews=SqlReviewBook(databases.corrections),
            operations=SqlOperationBook(databases.reservations),
            feeds=SqlFeedBook(databases.monitoring),
            checkpoints=SqlCheckpointBook(databases.monitoring),
            incidents=SqlIncidentBook(databases.monitoring),
            conversations=SqlConversationBook(databases.monitoring),
            directory=SqlDirectory(databases.users),
            mails=SqlMailBook(databases.notifications, now=lambda: NOON),
            pauses=SqlMailPauses(databases.notifications, now=lambda: NOON),
            notifications=SqlNotificationBook(databases.notifications),
            outboxes=outboxes_of(databases, needed=BOTH),
            mirrored=outboxes_of(databases, Mark.MIRRORED, BOTH),
        )

    async def add_slot(self, slot: Slot) -> None:
        async with self.databases.reservations.write() as session:
            session.add(SlotRow(**dict(slot), created_at=NOON))

    async def seats_taken(self, slot_id: UUID) -> int:
        async with self.databases.reservations.read() as session:
            return (await session.get_one(SlotRow, slot_id)).seats_taken

    async def waitlist_numbers(self, slot_id: UUID) -> list[int]:
        number = AttemptRow.waitlist_number
        waiting = select(number).where(AttemptRow.slot_id == slot_id, number.is_not(None)).order_by(number)
        async with self.databases.reservations.read() as session:
            return [found for found in await session.scalars(waiting) if found is not None]

    async def add_exam(self, exam: Exam) -> None:
        content = exam.model_dump(mode="json")
        async with self.databases.reservations.write() as session:
            row = ExamVersion(exam_id=exam.exam_id, version=exam.version, content=content, created_at=NOON)
            session.add(row)

    async def add_person(self, contact: Contact, *roles: str, is_disabled: bool = False) -> None:
        async with self.databases.users.write() as session:
            session.add(_person(contact, is_disabled))
            session.add_all([PersonRole(person_id=contact.person_id, role=role) for role in roles])

    async def feed_opens(self, attempt_id: UUID) -> bool | None:
        async with self.databases.monitoring.read() as session:
            feed = await session.get(AttemptFeed, attempt_id)
        return None if feed is None else feed.opens

    async def set_final_offset(self, attempt_id: UUID, offset: int) -> None:
        async with self.databases.monitoring.write() as session:
            (await session.get_one(AttemptFeed, attempt_id)).final_offset = offset

    async def ruling(self, incident_id: UUID) -> tuple[str, str]:
        async with self.databases.monitoring.read() as session:
            row = await session.get_one(IncidentRow, incident_id)
        return row.ruling, row.ruling_reason

    async def held_review(self, review_id: UUID) -> tuple[str, UUID | None]:
        async with self.databases.corrections.read() as session:
            row = await session.get_one(ReviewRow, review_id)
        return row.stage, row.assignee_id

    async def notifications(self, person_id: UUID) -> list[tuple[str, dict[str, str]]]:
        of_person = select(NotificationRow).where(NotificationRow.person_id == person_id)
        async with self.databases.notifications.read() as session:
            return [(row.kind, row.data) for row in await session.scalars(of_person)]

    def outage_book(self, rules: Rules) -> SqlOutageBook:
        return SqlOutageBook(self.databases.reservations, rules)

    def service_book(
        self, tolerance: timedelta, now: Callable[[], datetime], boot: Callable[[], float]
    ) -> SqlServiceBook:
        return SqlServiceBook(self.databases.reservations, tolerance, now, boot)

    async def outages(self) -> list[tuple[Interval, str]]:
        async with self.databases.reservations.read() as session:
            rows = await session.scalars(select(OutageRow).order_by(OutageRow.began_at))
            return [(Interval(start=row.began_at, end=row.ended_at), row.cause) for row in rows]

    async def owed(self) -> list[tuple[str, int, int, str]]:
        async with self.databases.reservations.read() as session:
            rows = await session.scalars(select(OwedTime).order_by(OwedTime.began_at))
            return [(row.state, row.lost_seconds, row.added_seconds, row.why_less) for row in rows]

    async def notified_attempts(self, person_id: UUID) -> list[UUID | None]:
        of_person = select(NotificationRow.attempt_id).where(NotificationRow.person_id == person_id)
        async with self.databases.notifications.read() as session:
            return list(await session.scalars(of_person))


def _person(contact: Contact, is_disabled: bool) -> Person:
    return Person(
        person_id=contact.person_id,
        organisation_id=DEFAULT_ORGANISATION,
        email=contact.email,
        display_name=contact.display_name,
        password_hash="-",
        time_zone=contact.time_zone,
        language=contact.language,
        duration_factor=Decimal(1),
        created_at=NOON,
        disabled_at=NOON if is_disabled else None,
    )
