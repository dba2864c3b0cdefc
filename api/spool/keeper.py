"""Once a second: pings, silence, full segments, closed attempts, revoked people, presence; sometimes ends, trimming."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

from activities.adapters.sql.stream import FeedState, PresenceNote
from api.spool.attempt import SpooledAttempt, supersession
from api.spool.ending import drain, end_unfinished
from api.spool.lag.note import WaitingNotes
from api.spool.presence import PresenceTeller
from api.spool.recovery import recover
from api.spool.spool import Spool
from schema.record import ConnectionFactKind
from schema.stream import CloseCode, Presence

log = logging.getLogger(__name__)

ROUND_SECONDS = 1.0
SLOW_ROUNDS = 5
NOTED_EVERY = timedelta(seconds=2)

Revoked = Callable[[Collection[UUID]], Awaitable[Collection[UUID]]]


class Keeper:
    """Looks after the spool; a step that fails is logged and done again in the next round."""

    def __init__(self, spool: Spool, revoked: Revoked, teller: PresenceTeller) -> None:
        self._spool = spool
        self._revoked = revoked
        self._teller = teller
        self._noted: dict[UUID, tuple[Presence, datetime | None]] = {}
        self._waiting = WaitingNotes(spool)
        self._drains: dict[UUID, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until cancelled."""
        rounds = 0
        try:
            while True:
                await self.keep(is_slow_round=rounds % SLOW_ROUNDS == 0)
                rounds += 1
                await asyncio.sleep(ROUND_SECONDS)
        finally:
            for task in self._drains.values():
                task.cancel()  # what is not drained is mended at the next start

    async def keep(self, *, is_slow_round: bool) -> None:
        """One round."""
        steps = [
            self._ping,
            self._silence,
            self._rotate,
            self._look,
            self._revoke,
            self._note,
            self._waiting.note,
            self._tell,
            self._end,
        ]
        if is_slow_round:
            steps += [self._mend, self._trim, self._clear_aside]
        for step in steps:
            try:
                await step()
            except Exception:
                log.exception("keeping the spool: %s failed and is tried again", step.__name__)

    async def look_at(self, attempt_id: UUID) -> None:
        """Look at one attempt now: it was closed."""
        for state in await self._spool.streams.states([attempt_id]):
            await self._act(state)
        await self._end()

    def _live(self) -> list[SpooledAttempt]:
        return [attempt for attempt in self._spool.attempts.values() if attempt.connection is not None]

    async def _ping(self) -> None:
        now = self._spool.now()
        message = "Nothing came from this browser any more; connect again."
        for attempt in self._live():
            attempt.ping(now)
            if attempt.is_unreachable:
                await self._cut(
                    attempt, attempt.epoch + 1, CloseCode.UNREACHABLE, message, may_reconnect=True
                )

    async def _silence(self) -> None:
        now = self._spool.now()
        for attempt in self._live():
            segment = attempt.segment
            if attempt.is_quiet(now) and segment is not None and segment.trouble is None:
                attempt.write_fact(ConnectionFactKind.QUIET, now)
            attempt.pace(attempt.base_interval_ms * _slowdown(self._spool.sync.load), now)

    async def _rotate(self) -> None:
        policy = self._spool.policy
        oldest = self._spool.now() - timedelta(seconds=policy.segment_seconds)
        for attempt in self._live():
            segment = attempt.segment
            if segment is None:
                continue
            if segment.size >= policy.segment_bytes or segment.segment.created_at <= oldest:
                await self._spool.rotate(attempt)

    async def _look(self) -> None:
        for state in await self._spool.streams.states([attempt.attempt_id for attempt in self._live()]):
            await self._act(state)

    async def _act(self, state: FeedState) -> None:
        attempt = self._spool.attempts.get(state.attempt_id)
        if attempt is None or attempt.connection is None:
            return
        attempt.base_interval_ms = state.interval_ms
        if not state.opens and state.attempt_id not in self._drains:
            task = asyncio.create_task(drain(self._spool, attempt))
            self._drains[state.attempt_id] = task
            task.add_done_callback(lambda done: self._drained(state.attempt_id, done))
        elif state.newest_epoch > attempt.epoch:
            newer = await self._spool.streams.page_of(state.attempt_id, state.newest_epoch)
            await self._cut(attempt, state.newest_epoch, *supersession(attempt.page, newer))

    def _drained(self, attempt_id: UUID, task: asyncio.Task[None]) -> None:
        del self._drains[attempt_id]
        if not task.cancelled() and (trouble := task.exception()) is not None:
            log.error("attempt %s was not ended and is tried again", attempt_id, exc_info=trouble)

    async def _revoke(self) -> None:
        sessions = {attempt.connection.session_id for attempt in self._live() if attempt.connection}
        revoked = await self._revoked(sessions) if sessions else ()
        message = "You were signed out, or your account was changed. Sign in again, or ask your institution."
        for attempt in self._live():
            if attempt.connection is not None and attempt.connection.session_id in revoked:
                await self._cut(attempt, attempt.epoch + 1, CloseCode.REVOKED, message)

    async def _cut(
        self,
        attempt: SpooledAttempt,
        below: int,
        code: CloseCode,
        message: str,
        *,
        may_reconnect: bool = False,
    ) -> None:
        async with attempt.lock:
            if attempt.connection is not None and attempt.epoch < below:
                attempt.connection.close(code, message, may_reconnect=may_reconnect)
                await self._spool.end_stream(attempt)

    async def _note(self) -> None:
        now = self._spool.now()
        changed = [
            note for attempt in list(self._spool.attempts.values()) if (note := self._news(attempt, now))
        ]
        if changed:
            await self._spool.streams.note(changed)
        for note in changed:
            self._noted[note.attempt_id] = (note.presence, note.last_record_at)

    def _news(self, attempt: SpooledAttempt, now: datetime) -> PresenceNote | None:
        if attempt.epoch == 0:
            return None  # only looked at, never streamed here
        if attempt.connection is not None:
            attempt.presence = Presence.DEGRADED if attempt.is_silent(now) else Presence.ONLINE
        presence, noted_at = self._noted.get(attempt.attempt_id, (None, None))
        latest = attempt.last_record_at
        is_newer = latest is not None and (noted_at is None or latest - noted_at >= NOTED_EVERY)
        if presence is attempt.presence and not is_newer:
            return None
        return PresenceNote(attempt.attempt_id, attempt.presence, latest)

    async def _tell(self) -> None:
        await self._teller.look(list(self._spool.attempts.values()), self._spool.now())

    async def _end(self) -> None:
        for owed in list(self._spool.owed_seals):
            await self._spool.pay(owed)
        await end_unfinished(self._spool)

    async def _mend(self) -> None:
        await recover(self._spool)

    async def _trim(self) -> None:
        spool = self._spool
        for segment in await spool.segments.trimmable(spool.policy.node_id):
            if (attempt := spool.attempts.get(segment.attempt_id)) is not None:
                attempt.drop_trimmed_segment(segment.segment_id)
            await asyncio.to_thread(spool.shelf.trim, segment)
            await spool.segments.trimmed(segment.segment_id, spool.now())
            if await spool.segments.final_offset(segment.attempt_id) is not None:
                await asyncio.to_thread(spool.shelf.clear, segment.attempt_id)
                self._forget(segment.attempt_id)

    async def _clear_aside(self) -> None:
        """Damaged files are pictures too: they go when the attempt's segments are deleted."""
        shelf = self._spool.shelf
        aside = set(await asyncio.to_thread(shelf.set_aside))
        for attempt_id in aside - await self._spool.segments.known_of(aside):
            await asyncio.to_thread(shelf.clear_aside, attempt_id)

    def _forget(self, attempt_id: UUID) -> None:
        attempt = self._spool.attempts.get(attempt_id)
        if attempt is not None and attempt.connection is None and not attempt.segments:
            del self._spool.attempts[attempt_id]
            self._noted.pop(attempt_id, None)
            self._waiting.forget(attempt_id)


def _slowdown(load: int) -> int:
    return 4 if load >= 8 else 2 if load >= 6 else 1
