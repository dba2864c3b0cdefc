"""What a database forgot is learnt from the lake: numbers of events, and mails that were sent."""

import logging
from datetime import UTC, date, datetime, timedelta

from activities.adapters.lake_number import LakeEvents, events_since
from activities.adapters.sent_mail import mails_sent
from activities.adapters.sql.event_number import SqlEventNumbers
from activities.adapters.sql.mail_pause import SqlMailPauses
from activities.ports import ObjectStore, Pause
from schema.db.session import Databases

LOG = logging.getLogger(__name__)

# More events than any attempt has: beyond what was given after a copy was taken, where nobody knows how many it was.
NUMBERS_SKIPPED = 10_000


class Settlement:
    """Reads the lake from the day before the last event that the databases know, or before the copy was taken."""

    def __init__(self, databases: Databases, store: ObjectStore) -> None:
        self._numbers = SqlEventNumbers(databases)
        self._pauses = SqlMailPauses(databases.notifications)
        self._store = store

    async def begin(self, taken_at: datetime | None, *, is_lake_a_copy: bool) -> Pause:
        """The databases are a copy, of the newest event in it unless told: pause the mails, and number on."""
        taken_at = taken_at or await self._numbers.newest() or datetime.now(UTC)
        lake = await self._lake(taken_at.date())
        is_whole = not is_lake_a_copy and lake.newest is not None and lake.newest > taken_at
        pause = Pause(taken_at, is_log_whole=is_whole)
        await self._pauses.pause(pause)
        if not is_whole:
            await self._numbers.skip(NUMBERS_SKIPPED)
        return pause

    async def settle_numbers(self, *, with_lake: bool = True) -> int:
        """Number events on from the highest that anybody was told; how many attempts' counters were behind.

        A database that lost its last moments, or was restored from a copy, would give numbers a second time.
        """
        told = dict(await self._numbers.told())
        lake = await self._lake(await self._first()) if with_lake else LakeEvents()
        for key, last in lake.numbers.items():
            told[key] = max(told.get(key, 0), last)
        raised = await self._numbers.raise_to(told)
        if raised:
            LOG.warning(
                "the events of %s attempts are numbered on from what the lake and the timeline hold", raised
            )
        return raised

    async def settle_mails(self) -> int:
        """Note what the log of sent mails knows and the database does not; how many."""
        sent = await mails_sent(self._store, await self._first(), datetime.now(UTC).date())
        news = await self._pauses.note_sent(sent)
        if news:
            LOG.warning("%s mails had been sent as the lake knows; they are not sent again", news)
        return news

    async def _lake(self, first: date) -> LakeEvents:
        return await events_since(self._store, first, datetime.now(UTC).date())

    async def _first(self) -> date:
        pause, newest = await self._pauses.paused(), await self._numbers.newest()
        known = [at for at in (newest, pause.taken_at if pause else None) if at is not None]
        return min(known, default=datetime.now(UTC)).date() - timedelta(days=1)
