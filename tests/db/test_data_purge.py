"""Deletion by class: what belongs to it goes, in every schema, and nothing else."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase

from activities.adapters.sql.checkpoint_book import SqlCheckpointBook
from activities.adapters.sql.conversation_book import SqlConversationBook
from activities.adapters.sql.coverage_source import SqlCoverageSource
from activities.adapters.sql.data_purge import data_purges_of
from activities.adapters.sql.hold_book import SqlHoldBook
from activities.adapters.sql.mail_book import SqlMailBook
from activities.adapters.sql.notification_book import SqlNotificationBook
from activities.adapters.sql.operation_book import SqlOperationBook
from activities.adapters.sql.outbox import outboxes_of
from activities.adapters.sql.seat_book import SqlSeatBook
from activities.adapters.sql.waiting import SqlWaitingBook, lag_of_rows
from schema.analysis import ChangeKind
from schema.cohort import CohortVerb
from schema.conversation import Saying, Side
from schema.db.session import Database, Databases
from schema.db.tables.monitoring import AttemptFeed, EvidenceRow, IncidentRow, WatchCheckpoint
from schema.db.tables.notifications import MailRow, NotificationRow
from schema.db.tables.reservations import AttemptMove, AttemptRow, ReservationsOutbox, SlotRow
from schema.ids import new_id
from schema.retention import DataClass, DeleteData, HoldOrder
from schema.task import HoldSeat
from tests.contracts.builder import NOON, a_hold, a_slot, a_watch, an_analysis, an_incident
from tests.contracts.test_operation_book import an_operation


async def held(databases: Databases) -> HoldSeat:
    slot = a_slot()
    async with databases.reservations.write() as session:
        session.add(SlotRow(**dict(slot), created_at=NOON))
    hold = a_hold(slot)
    await SqlSeatBook(databases.reservations).hold(hold)
    return hold


async def watched(databases: Databases, hold: HoldSeat) -> None:
    book, watch = SqlCheckpointBook(databases.monitoring), a_watch(hold.attempt.attempt_id)
    lease = await book.take_lease(watch.attempt_id, "worker-1")
    await book.commit(lease, watch, an_analysis(9, (ChangeKind.OPENED, an_incident(watch.attempt_id))))


async def purge(databases: Databases, hold: HoldSeat, data_class: DataClass) -> int:
    request = DeleteData(attempt_id=hold.attempt.attempt_id, data_class=data_class)
    return sum([await each.purge(request) for each in data_purges_of(databases)])


async def count(database: Database, table: type[DeclarativeBase]) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_what_was_said_to_many_goes_with_the_first_of_them(databases: Databases) -> None:
    hold, other = await held(databases), await held(databases)
    operation = an_operation(CohortVerb.PAUSE)
    book = SqlOperationBook(databases.reservations)
    await book.open(operation, [hold.attempt.attempt_id, other.attempt.attempt_id])

    await purge(databases, hold, DataClass.MEDIA)
    before = await book.operation(operation.operation_id)
    await purge(databases, hold, DataClass.DECISION_LOG)
    after = await book.operation(operation.operation_id)

    assert (before.reason, after.reason) == ("power cut", "")
    assert await book.acknowledgement(operation.operation_id, hold.attempt.attempt_id) is None
    assert await book.acknowledgement(operation.operation_id, other.attempt.attempt_id) is not None


async def test_features_go_and_incidents_stay(databases: Databases) -> None:
    hold, other = await held(databases), await held(databases)
    await watched(databases, hold)
    await watched(databases, other)

    gone = [await purge(databases, hold, DataClass.FEATURES) for _ in range(2)]

    assert gone == [3, 0]  # evidence, checkpoint, owed signal
    assert await count(databases.monitoring, EvidenceRow) == 1
    assert await count(databases.monitoring, WatchCheckpoint) == 1
    assert await count(databases.monitoring, IncidentRow) == 2


async def fed(databases: Databases, hold: HoldSeat, waiting_since: datetime | None) -> UUID:
    """The feed of an attempt that is over; its node stopped before it knew that all of it was analysed."""
    attempt = hold.attempt
    async with databases.monitoring.write() as session:
        session.add(
            AttemptFeed(
                attempt_id=attempt.attempt_id, organisation_id=attempt.organisation_id, exam_id=new_id(),
                student_id=attempt.student_id, presence="closed", last_record_at=NOON, final_offset=9,
                last_offset=9, waiting_offset=7 if waiting_since else None, waiting_since=waiting_since,
                waiting_frames=2 if waiting_since else 0,
            )
        )  # fmt: skip
    return attempt.attempt_id


@pytest.mark.parametrize("waiting_since", [None, NOON])
async def test_nothing_waits_for_a_detector_once_the_features_are_gone(
    databases: Databases, waiting_since: datetime | None
) -> None:
    hold = await held(databases)
    await watched(databases, hold)
    attempt_id = await fed(databases, hold, waiting_since)
    await purge(databases, hold, DataClass.FEATURES)
    later = NOON + timedelta(days=180)

    async with databases.monitoring.read() as session:
        feed = await session.get_one(AttemptFeed, attempt_id)

    assert await SqlWaitingBook(databases.monitoring).lags(later) == {}
    assert lag_of_rows(feed, None, later) is None


@pytest.mark.parametrize("waiting_since", [None, NOON])
async def test_coverage_is_unknown_once_the_features_are_gone_and_nothing_before_a_detector_has_looked(
    databases: Databases, waiting_since: datetime | None
) -> None:
    hold, unwatched, never = await held(databases), await held(databases), await held(databases)
    await watched(databases, hold)
    ids = [await fed(databases, hold, waiting_since), await fed(databases, unwatched, NOON)]
    await purge(databases, hold, DataClass.FEATURES)
    source = SqlCoverageSource(databases.monitoring, databases.reservations)

    found = await source.watched([*ids, never.attempt.attempt_id])

    assert [stream.account.is_whole for stream in found.values()] == [False, True, True]
    assert [stream.tail.waiting_frames for stream in found.values()] == [0, 2, 0]


async def test_the_decision_log_goes_but_what_must_still_be_told_stays(databases: Databases) -> None:
    hold = await held(databases)

    assert await purge(databases, hold, DataClass.DECISION_LOG) == 2  # the move and the snapshot
    assert await count(databases.reservations, AttemptMove) == 0
    assert await count(databases.reservations, ReservationsOutbox) == 1

    outbox = outboxes_of(databases)[0]
    await outbox.mark_published([event.event_id for event in await outbox.unpublished(9)], NOON)
    assert await purge(databases, hold, DataClass.DECISION_LOG) == 1  # the event, now that it is told
    assert await count(databases.reservations, AttemptRow) == 1


async def told(databases: Databases, attempt_id: UUID | None) -> None:
    mails, notifications = SqlMailBook(databases.notifications), SqlNotificationBook(databases.notifications)
    await mails.enlist(new_id(), "o", "reserved", {}, attempt_id=attempt_id)
    await notifications.add(new_id(), "o", "reserved", {}, attempt_id=attempt_id)


async def test_mails_and_notifications_go_with_the_decision_log(databases: Databases) -> None:
    hold = await held(databases)
    for attempt_id in (hold.attempt.attempt_id, new_id(), None):
        await told(databases, attempt_id)

    assert await purge(databases, hold, DataClass.FEATURES) == 0
    assert (
        await purge(databases, hold, DataClass.DECISION_LOG) == 4
    )  # move, snapshot, a mail and a notification

    for table in (MailRow, NotificationRow):
        async with databases.notifications.read() as session:
            kept = set(await session.scalars(select(table.attempt_id)))
        assert await count(databases.notifications, table) == 2
        assert hold.attempt.attempt_id not in kept


async def test_what_was_said_goes_with_the_decision_log(databases: Databases) -> None:
    hold, other = await held(databases), await held(databases)
    book = SqlConversationBook(databases.monitoring)
    for attempt_id in (hold.attempt.attempt_id, other.attempt.attempt_id):
        await book.say(Saying(attempt_id, new_id(), Side.STUDENT, "some-key", "May I ask?", NOON))

    assert await purge(databases, hold, DataClass.FEATURES) == 0
    assert (
        await purge(databases, hold, DataClass.DECISION_LOG) == 4
    )  # the move, the snapshot, the message, the conversation

    assert await book.since(hold.attempt.attempt_id, 0, 9) == []
    assert list(await book.standings([hold.attempt.attempt_id, other.attempt.attempt_id])) == [
        other.attempt.attempt_id
    ]


async def test_a_hold_is_known_where_attempts_are(databases: Databases) -> None:
    hold = await held(databases)
    attempt_id = hold.attempt.attempt_id
    purges = data_purges_of(databases)
    assert not any([await each.is_on_hold(attempt_id) for each in purges])

    order = HoldOrder(attempt_ids=(attempt_id,), by=new_id(), reason="a claim", at=NOON)
    await SqlHoldBook(databases.reservations).hold(order)

    assert [await each.is_on_hold(attempt_id) for each in purges] == [True, False, False, False, False]


async def test_why_it_was_held_goes_with_the_decision_log(databases: Databases) -> None:
    hold = await held(databases)
    order = HoldOrder(attempt_ids=(hold.attempt.attempt_id,), by=new_id(), reason="a claim", at=NOON)
    book = SqlHoldBook(databases.reservations)
    await book.hold(order)
    await book.release(order)

    await purge(databases, hold, DataClass.DECISION_LOG)

    assert list(await book.holds(hold.attempt.attempt_id)) == []
