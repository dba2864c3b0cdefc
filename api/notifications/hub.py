"""Looks for new notifications of everybody who is connected to this process, with one query for all of them."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from api.access.standing import Standing, standings
from api.token import CurrentPerson
from schema.db.session import Database
from schema.db.tables.notifications import NotificationRow

LOG = logging.getLogger(__name__)
PAUSE = timedelta(seconds=0.5)
HEARTBEAT = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(seconds=15)
# A row may become visible after a later one: transactions overlap and machines' clocks differ by a little.
OVERLAP = timedelta(seconds=10)
WAITING = 1_000  # messages a slow client may leave unread
PEOPLE_PER_QUERY = 500


class Subscription:
    """One socket's view: every notification once, however often it is found."""

    def __init__(self, person: CurrentPerson) -> None:
        self.person = person
        self.queue: asyncio.Queue[NotificationRow | None] = asyncio.Queue(WAITING)
        self.is_behind = False
        self.has_changed = False
        self._seen: dict[UUID, datetime] = {}

    def offer(self, row: NotificationRow) -> None:
        """Queue it unless it was; a client that does not read is behind and loses its socket, not the message."""
        if row.notification_id in self._seen:
            return
        try:
            self.queue.put_nowait(row)
        except asyncio.QueueFull:
            self.is_behind = True
        else:
            self.remember(row)

    def check(self, standing: Standing | None) -> None:
        """Note that the session has ended or the person's roles are others; None in the queue wakes the socket."""
        if self.has_changed or (standing is not None and standing.roles == self.person.roles):
            return
        self.has_changed = True
        if not self.queue.full():
            self.queue.put_nowait(None)

    def remember(self, row: NotificationRow) -> None:
        """The client has it already."""
        self._seen[row.notification_id] = row.created_at

    def forget_before(self, instant: datetime) -> None:
        """What the next query cannot find again need not be remembered."""
        self._seen = {known: at for known, at in self._seen.items() if at >= instant}


class Hub:
    """The subscriptions of one process. Rows are the truth, so a restart or another node loses nothing."""

    def __init__(
        self,
        notifications: Database,
        users: Database,
        now: Callable[[], datetime],
        heartbeat: timedelta = HEARTBEAT,
    ) -> None:
        self.heartbeat = heartbeat
        self._notifications = notifications
        self._users = users
        self._now = now
        self._subscriptions: dict[UUID, set[Subscription]] = defaultdict(set)

    @property
    def people(self) -> list[UUID]:
        """Who is connected to this process."""
        return list(self._subscriptions)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look about twice a second until the block ends."""
        looking = asyncio.create_task(self._look_forever())
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.wait([looking])

    @contextlib.asynccontextmanager
    async def subscribed(self, person: CurrentPerson, since: datetime | None) -> AsyncIterator[Subscription]:
        """New notifications from now on; with `since` also what came after it, some of it perhaps again."""
        subscription = Subscription(person)
        with self._listed(subscription):
            for row in await self._rows([person.person_id], (since or self._now()) - OVERLAP):
                subscription.remember(row) if since is None else subscription.offer(row)
            yield subscription

    async def look(self) -> None:
        """One round for everybody connected."""
        horizon = self._now() - OVERLAP
        people = self.people
        for start in range(0, len(people), PEOPLE_PER_QUERY):
            for row in await self._rows(people[start : start + PEOPLE_PER_QUERY], horizon):
                for subscription in tuple(self._subscriptions.get(row.person_id, ())):
                    subscription.offer(row)
        for subscription in self._all():
            subscription.forget_before(horizon - OVERLAP)

    async def check(self) -> None:
        """Whether the people behind all sockets still stand as they did when they connected."""
        found = await standings(self._users, {each.person.session_id for each in self._all()})
        for subscription in self._all():
            subscription.check(found.get(subscription.person.session_id))

    def _all(self) -> list[Subscription]:
        return [each for subscriptions in self._subscriptions.values() for each in subscriptions]

    @contextlib.contextmanager
    def _listed(self, subscription: Subscription) -> Iterator[None]:
        person_id = subscription.person.person_id
        self._subscriptions[person_id].add(subscription)
        try:
            yield
        finally:
            self._subscriptions[person_id].discard(subscription)
            if not self._subscriptions[person_id]:
                del self._subscriptions[person_id]

    async def _look_forever(self) -> None:
        pause = PAUSE
        while True:
            await asyncio.sleep(pause.total_seconds())
            try:
                await self.check()
                await self.look()
                pause = PAUSE
            except Exception:
                LOG.exception("new notifications cannot be read; trying again after %s", pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _rows(self, people: Sequence[UUID], after: datetime) -> Sequence[NotificationRow]:
        if not people:
            return ()
        query = (
            select(NotificationRow)
            .where(NotificationRow.person_id.in_(people), NotificationRow.created_at > after)
            .order_by(NotificationRow.created_at, NotificationRow.notification_id)
        )
        async with self._notifications.read() as session:
            return (await session.scalars(query)).all()
