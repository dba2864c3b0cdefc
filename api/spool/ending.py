"""Ends attempts' streams: an attempt that closed always gets its last record and its final offset."""

import asyncio
import logging

from activities.adapters.sql.stream import FeedState
from api.spool.attempt import SpooledAttempt
from api.spool.spool import Spool
from schema.ids import new_id
from schema.record import EPOCH_SHIFT
from schema.segment import new_segment
from schema.stream import CloseCode

log = logging.getLogger(__name__)

GRACE_SECONDS = 3.0  # for what the browser has still in flight
QUIET_SECONDS = 1.0  # after which nothing more is expected
BATCH = 100
_OVER = "The exam has ended. Send what is left, then this connection closes."


async def drain(spool: Spool, attempt: SpooledAttempt) -> None:
    """Take what is in flight, close the socket, write ENDED and seal."""
    connection = attempt.connection
    if connection is None or attempt.is_draining:
        return
    attempt.is_draining = True
    connection.announce(CloseCode.ATTEMPT_CLOSED, _OVER, may_reconnect=False)
    await _settled(spool, attempt)
    async with attempt.lock:
        if attempt.connection is not connection:
            return
        connection.close(CloseCode.ATTEMPT_CLOSED, _OVER, may_reconnect=False)
        # Where another node holds a part that may still be open, the end is claimed from the database instead.
        await spool.end_stream(attempt, is_final=not attempt.was_elsewhere)


async def end_unfinished(spool: Spool) -> None:
    """Write the end of every closed attempt that has no open stream anywhere."""
    for state in await spool.streams.unfinished(BATCH):
        attempt = await spool.attempt(state.attempt_id)
        async with attempt.lock:
            if attempt.connection is None and attempt.segment is None:
                await _claim_end(spool, attempt, state)
        if not attempt.segments and attempt.connection is None:
            spool.attempts.pop(state.attempt_id, None)  # was only looked at


async def _claim_end(spool: Spool, attempt: SpooledAttempt, state: FeedState) -> None:
    epoch = state.epoch + 1
    first_offset = (epoch << EPOCH_SHIFT) + 1
    ids = new_id(), state.attempt_id
    segment = new_segment(*ids, spool.policy.node_id, first_offset, spool.now())
    if await spool.streams.claim_end(state, segment):
        await spool.write_end(attempt, segment, epoch)
    attempt.wake()


async def _settled(spool: Spool, attempt: SpooledAttempt) -> None:
    began = spool.now()
    connection = attempt.connection
    while attempt.connection is connection:
        now = spool.now()
        latest = max(attempt.last_received_at or began, began)
        if (now - began).total_seconds() > GRACE_SECONDS or (now - latest).total_seconds() > QUIET_SECONDS:
            return
        await asyncio.sleep(0.1)
