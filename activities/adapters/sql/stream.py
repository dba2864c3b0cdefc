"""Tickets, streams and what is known of attempts' feeds, as API nodes write them (schema `_monitoring`)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.segment import row_of
from schema.db.session import Database
from schema.db.tables.monitoring import AttemptFeed, SegmentRow, StreamRow, StreamTicket
from schema.failures import Failure, FailureType
from schema.record import EPOCH_SHIFT
from schema.segment import Segment, SegmentState
from schema.stream import TICKET_LIFE, Presence


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket that was given."""

    epoch: int
    interval_ms: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """A stream that may begin, with its first segment and what came before it.

    `since` is the attempt's first opening; `streams` are all its streams; `was_elsewhere` says that another
    node holds an earlier part.
    """

    stream_id: UUID
    person_id: UUID
    epoch: int
    interval_ms: int
    segment: Segment
    since: datetime
    streams: frozenset[UUID]
    was_elsewhere: bool


@dataclass(frozen=True, slots=True)
class OpeningRequest:
    """What a node asks when a browser shows a ticket; its ids are new."""

    ticket_hash: str
    attempt_id: UUID
    node_id: str
    stream_id: UUID
    segment_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is known of an attempt's feed."""

    attempt_id: UUID
    student_id: UUID
    opens: bool
    epoch: int
    newest_epoch: int
    final_offset: int | None
    interval_ms: int


@dataclass(frozen=True, slots=True)
class PresenceNote:
    """How an attempt's presence stands."""

    attempt_id: UUID
    presence: Presence
    last_record_at: datetime | None


class SqlStreamBook:
    """Tickets, streams and feeds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give_ticket(self, attempt_id: UUID, person_id: UUID, ticket_hash: str, at: datetime) -> Ticket:
        """A ticket of a new epoch, `TICKET_LIFE` long. Raises NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE."""
        expires_at = at + TICKET_LIFE

        async def work(session: AsyncSession) -> Ticket:
            feed = await _feed(session, attempt_id)
            _check_open(feed, person_id)
            given = await session.get(StreamTicket, ticket_hash)
            if given is None:
                await _forget_expired(session, attempt_id, at)
                feed.epoch += 1
                if feed.presence in {Presence.NEVER, Presence.MISSING}:
                    feed.presence = Presence.CONNECTING
                given = StreamTicket(
                    ticket_hash=ticket_hash,
                    attempt_id=attempt_id,
                    person_id=person_id,
                    epoch=feed.epoch,
                    expires_at=expires_at,
                )
                session.add(given)
            return Ticket(given.epoch, feed.interval_ms, given.expires_at)

        return await self._database.run(work)

    async def redeem(self, request: OpeningRequest) -> Opening:
        """Use a ticket: stream and first segment begin. Raises UNAUTHENTICATED, CONFLICT, ILLEGAL_MOVE."""

        async def work(session: AsyncSession) -> Opening:
            feed = await _feed(session, request.attempt_id)
            ticket = await session.get(StreamTicket, request.ticket_hash)
            stream = await session.get(StreamRow, request.stream_id)
            checked = _usable(ticket, request, is_repeated=stream is not None)
            _check_open(feed, checked.person_id)
            if stream is None:
                await _check_newest(session, checked)
                _begin(session, checked, request)
                feed.presence = Presence.ONLINE
                await session.flush()
            return await _opening(session, feed, checked, request)

        return await self._database.run(work)

    async def close_streams(self, attempt_id: UUID, node_id: str, at: datetime) -> None:
        """The node's sockets of this attempt are closed."""
        statement = (
            update(StreamRow)
            .where(
                StreamRow.attempt_id == attempt_id,
                StreamRow.node_id == node_id,
                StreamRow.closed_at.is_(None),
            )
            .values(closed_at=at)
        )
        await self._execute(statement)

    async def states(self, attempt_ids: Collection[UUID]) -> Sequence[FeedState]:
        """The feeds of these attempts."""
        return await self._states(AttemptFeed.attempt_id.in_(attempt_ids)) if attempt_ids else ()

    async def unfinished(self, limit: int) -> Sequence[FeedState]:
        """Feeds that are closed and whose end is not written yet."""
        is_unfinished = and_(AttemptFeed.final_offset.is_(None), AttemptFeed.opens.is_(False))
        return await self._states(is_unfinished, limit)

    async def claim_end(self, state: FeedState, segment: Segment) -> bool:
        """Take the right to write the end into a segment of a new epoch; true for one caller among all nodes.

        Refused while any segment is still open. Where no stream ever was, the end is offset 0 at once and
        nothing is to be written.
        """
        open_segment = exists().where(
            SegmentRow.attempt_id == state.attempt_id, SegmentRow.state == SegmentState.OPEN
        )
        unchanged = and_(
            AttemptFeed.attempt_id == state.attempt_id,
            AttemptFeed.epoch == state.epoch,
            AttemptFeed.opens.is_(False),
            AttemptFeed.final_offset.is_(None),
            ~open_segment,
        )

        async def work(session: AsyncSession) -> bool:
            if await session.get(SegmentRow, segment.segment_id) is not None:
                return True
            has_segment = await session.scalar(
                select(exists().where(SegmentRow.attempt_id == state.attempt_id))
            )
            values: dict[str, object] = {"epoch": AttemptFeed.epoch + 1}
            if not has_segment:
                values = {"final_offset": 0, "presence": Presence.CLOSED}
            done = await session.execute(update(AttemptFeed).where(unchanged).values(**values))
            is_mine = bool(has_segment) and done.rowcount == 1  # type: ignore[attr-defined]
            if is_mine:
                session.add(row_of(segment))
            return is_mine

        return await self._database.run(work)

    async def note(self, notes: Sequence[PresenceNote]) -> None:
        """Write many presences in one transaction."""

        async def work(session: AsyncSession) -> None:
            for note in notes:
                values: dict[str, object] = {"presence": note.presence}
                if note.last_record_at is not None:
                    values["last_record_at"] = note.last_record_at
                of_attempt = AttemptFeed.attempt_id == note.attempt_id
                is_open = AttemptFeed.final_offset.is_(None)
                await session.execute(update(AttemptFeed).where(of_attempt, is_open).values(**values))

        await self._database.run(work)

    async def _states(self, condition: object, limit: int | None = None) -> Sequence[FeedState]:
        newest = (
            select(func.coalesce(func.max(StreamRow.epoch), 0))
            .where(StreamRow.attempt_id == AttemptFeed.attempt_id)
            .scalar_subquery()
        )
        query = select(AttemptFeed, newest).where(condition).limit(limit)  # type: ignore[arg-type]
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
        return [_state(feed, epoch) for feed, epoch in rows]

    async def _execute(self, statement: object) -> None:
        async def work(session: AsyncSession) -> None:
            await session.execute(statement)  # type: ignore[call-overload]

        await self._database.run(work)


def _state(feed: AttemptFeed, newest_epoch: int) -> FeedState:
    return FeedState(
        attempt_id=feed.attempt_id,
        student_id=feed.student_id,
        opens=feed.opens,
        epoch=feed.epoch,
        newest_epoch=newest_epoch,
        final_offset=feed.final_offset,
        interval_ms=feed.interval_ms,
    )


async def _feed(session: AsyncSession, attempt_id: UUID) -> AttemptFeed:
    query = select(AttemptFeed).where(AttemptFeed.attempt_id == attempt_id).with_for_update()
    feed = await session.scalar(query)
    if feed is None:
        raise Failure(
            FailureType.NOT_FOUND, f"Attempt {attempt_id} has no stream: it is unknown or has not begun."
        )
    return feed


def _check_open(feed: AttemptFeed, person_id: UUID) -> None:
    if feed.student_id != person_id:
        raise Failure(FailureType.FORBIDDEN, f"Attempt {feed.attempt_id} is another student's.")
    if not feed.opens:
        raise Failure(
            FailureType.ILLEGAL_MOVE,
            f"Attempt {feed.attempt_id} is closed: a stream can only be opened while the exam is in progress.",
        )


async def _forget_expired(session: AsyncSession, attempt_id: UUID, at: datetime) -> None:
    statement = delete(StreamTicket).where(
        StreamTicket.attempt_id == attempt_id, StreamTicket.expires_at < at - TICKET_LIFE
    )
    await session.execute(statement)


def _usable(ticket: StreamTicket | None, request: OpeningRequest, *, is_repeated: bool) -> StreamTicket:
    trouble = ""
    if ticket is None or ticket.attempt_id != request.attempt_id:
        trouble = "This ticket is unknown for this attempt"
    elif ticket.used_at is not None and not is_repeated:
        trouble = "This ticket was used before"
    elif ticket.expires_at < request.at:
        trouble = f"This ticket expired at {ticket.expires_at:%H:%M:%S} UTC"
    if ticket is None or trouble:
        raise Failure(FailureType.UNAUTHENTICATED, f"{trouble}; ask for a new one.")
    return ticket


async def _check_newest(session: AsyncSession, ticket: StreamTicket) -> None:
    query = select(func.max(StreamRow.epoch)).where(StreamRow.attempt_id == ticket.attempt_id)
    newest = await session.scalar(query) or 0
    if newest >= ticket.epoch:
        raise Failure(FailureType.CONFLICT, "A newer window or device has taken over this attempt's stream.")


def _begin(session: AsyncSession, ticket: StreamTicket, request: OpeningRequest) -> None:
    ticket.used_at = request.at
    session.add(
        StreamRow(
            stream_id=request.stream_id,
            attempt_id=request.attempt_id,
            epoch=ticket.epoch,
            node_id=request.node_id,
            opened_at=request.at,
            last_seen_at=request.at,
        )
    )
    session.add(row_of(first_segment(request, ticket.epoch)))


def first_segment(request: OpeningRequest, epoch: int) -> Segment:
    """The segment a stream begins with."""
    return new_segment(
        request.segment_id, request.attempt_id, request.node_id, (epoch << EPOCH_SHIFT) + 1, request.at
    )


def new_segment(segment_id: UUID, attempt_id: UUID, node_id: str, first_offset: int, at: datetime) -> Segment:
    """An open segment without records."""
    return Segment(segment_id, attempt_id, node_id, SegmentState.OPEN, first_offset, None, 0, 0, "", "", at)


async def _opening(
    session: AsyncSession, feed: AttemptFeed, ticket: StreamTicket, request: OpeningRequest
) -> Opening:
    query = select(StreamRow).where(StreamRow.attempt_id == request.attempt_id)
    streams = (await session.scalars(query)).all()
    return Opening(
        stream_id=request.stream_id,
        person_id=ticket.person_id,
        epoch=ticket.epoch,
        interval_ms=feed.interval_ms,
        segment=first_segment(request, ticket.epoch),
        since=min(stream.opened_at for stream in streams),
        streams=frozenset(stream.stream_id for stream in streams),
        was_elsewhere=any(stream.node_id != request.node_id for stream in streams),
    )
