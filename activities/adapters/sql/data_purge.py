"""Deletes an attempt's rows by class of data, in each schema that knows attempts."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from schema.db.session import Database, Databases
from schema.db.tables import analytics, corrections, monitoring, notifications, outage, reservations
from schema.failures import Failure, FailureType
from schema.outcome import Release
from schema.retention import DataClass, DeleteData

Plan = Mapping[DataClass, Sequence[type[DeclarativeBase]]]

# An evidence row says where a picture stands and what was seen in it, so it goes with the features; the picture
# itself is in the stream's segments. The attempt's own row stays as the last trace that it took place.
RESERVATIONS: Plan = {
    DataClass.DECISION_LOG: (
        reservations.AttemptMove,
        reservations.AttemptSnapshot,
        reservations.AttemptHold,
        reservations.AppealRow,
        reservations.OperationAttempt,
        outage.NodeStay,
        outage.OwedTime,
        reservations.ReservationsOutbox,
    )
}
MONITORING: Plan = {
    DataClass.MEDIA: (
        monitoring.SegmentRow,
        monitoring.StreamRow,
        monitoring.StreamTicket,
        monitoring.GlimpseRow,
    ),
    DataClass.FEATURES: (monitoring.EvidenceRow, monitoring.WatchCheckpoint, monitoring.IncidentSignalRow),
    DataClass.DECISION_LOG: (
        monitoring.IncidentRow,
        monitoring.AttemptFeed,
        monitoring.MessageRow,
        monitoring.ConversationRow,
        monitoring.MonitoringOutbox,
    ),
}
CORRECTIONS: Plan = {
    DataClass.DECISION_LOG: (
        corrections.AnswerRow,
        corrections.LateAnswerRow,
        corrections.ItemMarkRow,
        corrections.MarkingRound,
        corrections.ReviewRow,
        corrections.AnswerWindow,
        corrections.CorrectionsOutbox,
    )
}
NOTIFICATIONS: Plan = {DataClass.DECISION_LOG: (notifications.MailRow, notifications.NotificationRow)}
ANALYTICS: Plan = {DataClass.DECISION_LOG: (analytics.TimelineEvent,)}


class SqlDataPurge:
    """Implements DataPurge for one schema; `attempts` says that this is the schema with the attempts' own rows."""

    def __init__(self, database: Database, plan: Plan, *, attempts: bool = False) -> None:
        self._database = database
        self._plan = plan
        self._has_attempts = attempts

    async def purge(self, request: DeleteData) -> int:
        """Delete rows, verify, and return how many there were. Raises UNAVAILABLE when one is left."""

        async def work(session: AsyncSession) -> int:
            tables = self._plan.get(request.data_class, ())
            if self._has_attempts and request.data_class is DataClass.DECISION_LOG:
                await _blank_operations(session, request.attempt_id)
            gone = sum([await _delete(session, table, request.attempt_id) for table in tables])
            left = sum([await _count(session, table, request.attempt_id) for table in tables])
            if left:
                what = f"{left} rows of this attempt are still there after deletion"
                raise Failure(FailureType.UNAVAILABLE, what, attempt_id=request.attempt_id)
            if self._has_attempts:
                await _blank_attempt(session, request)
            if monitoring.WatchCheckpoint in tables:
                await _end_waiting(session, request.attempt_id)
            return gone

        return await self._database.run(work)

    async def left(self, attempt_id: UUID, data_class: DataClass) -> int:
        """How many rows of a class there are."""
        async with self._database.read() as session:
            tables = self._plan.get(data_class, ())
            return sum([await _count(session, table, attempt_id) for table in tables])

    async def is_on_hold(self, attempt_id: UUID) -> bool:
        """Whether deletion is blocked."""
        if not self._has_attempts:
            return False
        async with self._database.read() as session:
            row = await session.get(reservations.AttemptRow, attempt_id)
        return row is not None and row.is_on_hold


def data_purges_of(databases: Databases) -> tuple[SqlDataPurge, ...]:
    """One for each schema that knows attempts."""
    return (
        SqlDataPurge(databases.reservations, RESERVATIONS, attempts=True),
        SqlDataPurge(databases.monitoring, MONITORING),
        SqlDataPurge(databases.corrections, CORRECTIONS),
        SqlDataPurge(databases.notifications, NOTIFICATIONS),
        SqlDataPurge(databases.analytics, ANALYTICS),
    )


async def _delete(session: AsyncSession, table: type[DeclarativeBase], attempt_id: UUID) -> int:
    done = await session.execute(delete(table).where(*_deletable(table, attempt_id)))
    return cast(CursorResult[Any], done).rowcount


async def _count(session: AsyncSession, table: type[DeclarativeBase], attempt_id: UUID) -> int:
    found = select(func.count()).select_from(table).where(*_deletable(table, attempt_id))
    return await session.scalar(found) or 0


def _deletable(table: type[DeclarativeBase], attempt_id: UUID) -> list[ColumnElement[bool]]:
    """All the attempt's rows; of an outbox those that are relayed, for the others must still be told."""
    columns = table.__table__.c
    is_deletable = [columns.attempt_id == attempt_id]
    if "published_at" in columns:
        is_deletable.append(columns.published_at.is_not(None))
    return is_deletable


async def _end_waiting(session: AsyncSession, attempt_id: UUID) -> None:
    """How far analysis came is not known any more: nothing of the feed may wait for it."""
    row = monitoring.AttemptFeed
    nothing = {"last_offset": None, "waiting_offset": None, "waiting_since": None, "waiting_frames": 0}
    await session.execute(update(row).where(row.attempt_id == attempt_id).values(**nothing))


async def _blank_operations(session: AsyncSession, attempt_id: UUID) -> None:
    """What was said to many stays with the others in their own moves; here nobody knows whom it names."""
    asked = reservations.OperationAttempt
    which = select(asked.operation_id).where(asked.attempt_id == attempt_id)
    row = reservations.OperationRow
    await session.execute(update(row).where(row.operation_id.in_(which)).values(reason=""))


async def _blank_attempt(session: AsyncSession, request: DeleteData) -> None:
    row = reservations.AttemptRow
    is_it = row.attempt_id == request.attempt_id
    if request.data_class is DataClass.MEDIA:
        await session.execute(update(row).where(is_it).values(identity_photo=""))
    if request.data_class is DataClass.DECISION_LOG:
        # That a further sitting was given still counts; the reason goes with the attempt's other data.
        given = reservations.FurtherSitting
        await session.execute(update(given).where(given.attempt_id == request.attempt_id).values(reason=""))
        await session.execute(update(row).where(is_it).values(name_at_door=None, number_at_door=None))
        was_archived = row.release == Release.ARCHIVED.value
        await session.execute(update(row).where(is_it, was_archived).values(release=Release.PURGED.value))
