"""Tickets: given over HTTP, redeemed when a stream opens; a newer stream fences an older one (schema `_monitoring`)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.segment import row_of
from schema.db.session import Database
from schema.db.tables.monitoring import AttemptFeed, StreamRow, StreamTicket
from schema.failures import Failure, FailureType
from schema.record import EPOCH_SHIFT
from schema.segment import Segment, new_segment
from schema.stream import TICKET_LIFE, Presence


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket that was given."""

    epoch: int
    interval_ms: int
    expires_at: datetime
    screen_interval_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A stream that may begin, with its first segment and what came before it.

    `since` is the attempt's first opening; `streams` are all its streams; `was_elsewhere` says that another
    node holds an earlier part; `page` is empty for a client that does not name itself.
    """

    stream_id: UUID
    session_id: UUID
    epoch: int
    interval_ms: int
    segment: Segment
    since: datetime
    streams: frozenset[UUID]
    was_elsewhere: bool
    page: str = ""
    screen_interval_ms: int | None = None


@dataclass(frozen=True, slots=True)
class OpeningRequest:
    """What a node asks when a browser shows a ticket; its ids are new."""

    ticket_hash: str
    attempt_id: UUID
    node_id: str
    stream_id: UUID
    segment_id: UUID
    at: datetime


class SqlTicketBook:
    """Gives and redeems tickets; both lock the attempt's feed, so epochs are never given twice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give(
        self,
        attempt_id: UUID,
        person_id: UUID,
        session_id: UUID,
        ticket_hash: str,
        at: datetime,
        page: str | None = None,
    ) -> Ticket:
        """A ticket of a new epoch, `TICKET_LIFE` long. Raises NOT_FOUND, FORBIDDEN, ILLEGAL_MOVE.

        The stream ends with the session in which the person asked for it.
        """
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
                    session_id=session_id,
                    epoch=feed.epoch,
                    expires_at=expires_at,
                    page=page,
                )
                session.add(given)
            return Ticket(given.epoch, feed.interval_ms, given.expires_at, feed.screen_interval_ms)

        return await self._database.run(work)

    async def redeem(self, request: OpeningRequest) -> Opening:
        """Use a ticket: stream and first segment begin. Raises UNAUTHENTICATED, CONFLICT, ILLEGAL_MOVE."""

        async def work(session: AsyncSession) -> Opening:
            feed = await _feed(session, request.attempt_id)
            ticket = await session.get(StreamTicket, request.ticket_hash)
            stream = await session.get(StreamRow, request.stream_id)
            checked, session_id = _usable(ticket, request, is_repeated=stream is not None)
            _check_open(feed, checked.person_id)
            if stream is None:
                await _check_newest(session, checked)
                _begin(session, checked, request)
                feed.presence = Presence.ONLINE
                await session.flush()
            return await _opening(session, feed, checked, session_id, request)

        return await self._database.run(work)


async def _feed(session: AsyncSession, attempt_id: UUID) -> AttemptFeed:
    query = select(AttemptFeed).where(AttemptFeed.attempt_id == attempt_id).with_for_update()
    feed = await session.scalar(query)
    if feed is None:
        raise Failure(
            FailureType.NOT_FOUND,
            "This attempt has no stream: it is unknown or has not begun.",
            attempt_id=attempt_id,
        )
    return feed


def _check_open(feed: AttemptFeed, person_id: UUID) -> None:
    if feed.student_id != person_id:
        raise Failure(FailureType.FORBIDDEN, "This attempt is another student's.")
    if not feed.opens:
        raise Failure(
            FailureType.ILLEGAL_MOVE,
            "This attempt is closed: a stream can only be opened while the exam is in progress.",
        )


async def _forget_expired(session: AsyncSession, attempt_id: UUID, at: datetime) -> None:
    statement = delete(StreamTicket).where(
        StreamTicket.attempt_id == attempt_id, StreamTicket.expires_at < at - TICKET_LIFE
    )
    await session.execute(statement)


def _usable(
    ticket: StreamTicket | None, request: OpeningRequest, *, is_repeated: bool
) -> tuple[StreamTicket, UUID]:
    """The ticket and the session it was asked for in, which a node of an older version did not write."""
    trouble = ""
    if ticket is None or ticket.attempt_id != request.attempt_id:
        trouble = "This ticket is unknown for this attempt"
    elif ticket.used_at is not None and not is_repeated:
        trouble = "This ticket was used before"
    elif ticket.expires_at < request.at:
        trouble = "This ticket has expired"
    elif ticket.session_id is None:
        trouble = "This ticket was given before the server was renewed"
    if ticket is None or ticket.session_id is None or trouble:
        raise Failure(FailureType.UNAUTHENTICATED, f"{trouble}; ask for a new one.")
    return ticket, ticket.session_id


async def _check_newest(session: AsyncSession, ticket: StreamTicket) -> None:
    of_attempt = select(StreamRow).where(StreamRow.attempt_id == ticket.attempt_id)
    newest = await session.scalar(of_attempt.order_by(StreamRow.epoch.desc()).limit(1))
    if newest is None or newest.epoch < ticket.epoch:
        return
    if ticket.page is not None and newest.page == ticket.page:
        raise Failure(
            FailureType.UNAUTHENTICATED, "This page has opened a newer stream; ask for a new ticket."
        )
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
            page=ticket.page,
        )
    )
    session.add(row_of(first_segment(request, ticket.epoch)))


def first_segment(request: OpeningRequest, epoch: int) -> Segment:
    """The segment a stream begins with."""
    return new_segment(
        request.segment_id, request.attempt_id, request.node_id, (epoch << EPOCH_SHIFT) + 1, request.at
    )


async def _opening(
    session: AsyncSession,
    feed: AttemptFeed,
    ticket: StreamTicket,
    session_id: UUID,
    request: OpeningRequest,
) -> Opening:
    query = select(StreamRow).where(StreamRow.attempt_id == request.attempt_id)
    streams = (await session.scalars(query)).all()
    return Opening(
        stream_id=request.stream_id,
        session_id=session_id,
        epoch=ticket.epoch,
        interval_ms=feed.interval_ms,
        segment=first_segment(request, ticket.epoch),
        since=min(stream.opened_at for stream in streams),
        streams=frozenset(stream.stream_id for stream in streams),
        was_elsewhere=any(stream.node_id != request.node_id for stream in streams),
        page=ticket.page or "",
        screen_interval_ms=feed.screen_interval_ms,
    )
