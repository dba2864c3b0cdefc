"""The live socket over real uvicorn and real SQLite: as they come, to every tab, nothing lost over a restart."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uvicorn
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from activities.adapters.sql.notification_book import SqlNotificationBook
from api.access.standing import current_person
from api.app import create_app
from api.context import utc_now
from api.notifications.hub import Hub
from api.notifications.live import SIGN_IN_AGAIN
from api.token import AccessTokens, CurrentPerson
from api.users.person import set_roles
from api.users.refresh import revoke_all
from schema.db.schemas import METADATA
from schema.db.session import Databases
from schema.db.tables.users import Person
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.role import Role
from schema.settings import Part, Settings
from tests.people import enrol

PATIENCE = 60.0
LONG = timedelta(minutes=10)  # without a heartbeat, nothing but what a test expects comes in time


class Site:
    """One process of the notifications part on a port, with its databases."""

    def __init__(self, settings: Settings, databases: Databases) -> None:
        self.settings = settings
        self.databases = databases
        self.book = SqlNotificationBook(databases.notifications)
        self.hub: Hub
        self.now: Callable[[], datetime] = utc_now

    def clock(self) -> datetime:
        """The API's, which a test may have stand still."""
        return self.now()

    async def person(self) -> UUID:
        """Somebody with an account."""
        person = Person(
            person_id=new_id(), organisation_id=DEFAULT_ORGANISATION, email=f"{new_id()}@example.org",
            display_name="Ada", password_hash="", duration_factor=1, created_at=self.now(),
        )  # fmt: skip
        async with self.databases.users.write() as session:
            session.add(person)
        return person.person_id

    async def token(self, person_id: UUID, life: timedelta = timedelta(minutes=5)) -> str:
        """An access token of a new session."""
        tokens = AccessTokens(self.settings.jwt_secret.get_secret_value(), life)
        roles, now = frozenset({Role.STUDENT}), self.now()
        async with self.databases.users.write() as session:
            session_id = await enrol(session, person_id, roles, now)
        return tokens.issue(person_id, DEFAULT_ORGANISATION, roles, session_id, now)

    async def member(self, person_id: UUID) -> CurrentPerson:
        """The person as a socket of theirs knows them."""
        tokens = AccessTokens(self.settings.jwt_secret.get_secret_value(), timedelta(minutes=5))
        return await current_person(
            self.databases.users, tokens.read(await self.token(person_id), self.now())
        )

    @asynccontextmanager
    async def serving(self, heartbeat: timedelta = LONG) -> AsyncIterator[None]:
        """Until the block ends; what was notified stays in the database for the next process."""
        parts = frozenset({Part.NOTIFICATIONS})
        app = create_app(self.settings, parts, databases=self.databases, clock=self.clock)
        config = uvicorn.Config(
            app, "127.0.0.1", self.settings.api_port, log_level="warning", ws="websockets-sansio"
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        try:
            async with asyncio.timeout(PATIENCE):
                while not server.started:
                    await asyncio.sleep(0.02)
            self.hub = app.state.context.kept(Hub)
            self.hub.heartbeat = heartbeat
            yield
        finally:
            server.should_exit = True
            await task

    @asynccontextmanager
    async def tab(self, person_id: UUID, since: str = "", **life: timedelta) -> AsyncIterator["Tab"]:
        """A connected tab that has heard `ready`."""
        headers = {"Authorization": f"Bearer {await self.token(person_id, **life)}"}
        async with connect(self.url(since), additional_headers=headers) as open_socket:
            tab = Tab(open_socket)
            tab.ready = await tab.hear()
            yield tab

    def url(self, since: str = "") -> str:
        query = f"?since={since.replace('+', '%2B')}" if since else ""
        return f"ws://127.0.0.1:{self.settings.api_port}/api/notifications/live{query}"


class Tab:
    """One open socket."""

    def __init__(self, open_socket: ClientConnection) -> None:
        self.socket = open_socket
        self.ready: dict[str, Any] = {}

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        message = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))
        assert isinstance(message, dict)
        return message

    async def hear_kinds(self, count: int) -> list[str]:
        """The kinds of the next notifications."""
        return [(await self.hear())["notification"]["kind"] for _ in range(count)]

    async def closed(self) -> int:
        """The code it is closed with."""
        with pytest.raises(ConnectionClosed) as raised:
            await self._hear_forever()
        assert raised.value.rcvd is not None
        return raised.value.rcvd.code

    async def _hear_forever(self) -> None:
        while True:
            await self.hear()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    port = free_port()
    settings = Settings(
        _env_file=None,
        var_dir=tmp_path,
        api_port=port,
        public_url=f"http://127.0.0.1:{port}",
        demo_accounts=False,
    )
    (tmp_path / "db").mkdir()
    for name, metadata in METADATA.items():
        engine = create_engine(f"sqlite:///{tmp_path / 'db' / name}.sqlite3")
        metadata.create_all(engine)
        engine.dispose()
    databases = Databases.open(settings.database_url_of)
    yield Site(settings, databases)
    await databases.close()


async def test_what_is_notified_comes_at_once_and_once(site: Site) -> None:
    ada = await site.person()
    async with site.serving(), site.tab(ada) as tab:
        await site.book.add(ada, "1", "reserved", {"exam": "Biology"})
        heard = await tab.hear()
        await site.book.add(ada, "2", "submitted", {})

        assert tab.ready["type"] == "ready"
        assert heard["type"] == "notification"
        assert heard["notification"]["text"] == "Your seat for Biology is reserved."
        assert heard["cursor"] == heard["notification"]["created_at"]
        assert await tab.hear_kinds(1) == ["submitted"]


async def test_every_tab_hears_its_own_person_only(site: Site) -> None:
    ada, bob = await site.person(), await site.person()
    async with site.serving(), site.tab(ada) as one, site.tab(ada) as two, site.tab(bob) as other:
        await site.book.add(ada, "1", "reserved", {})
        await site.book.add(bob, "1", "voided", {})

        heard = [await tab.hear_kinds(1) for tab in (one, two, other)]

    assert heard == [["reserved"], ["reserved"], ["voided"]]


async def test_after_a_restart_since_brings_what_was_missed(site: Site) -> None:
    ada = await site.person()
    await site.book.add(ada, "0", "moved", {})
    async with site.serving(), site.tab(ada) as tab:
        await site.book.add(ada, "1", "reserved", {})
        last = await tab.hear()
    await site.book.add(ada, "2", "submitted", {})

    async with site.serving(), site.tab(ada, since=last["cursor"]) as tab:
        kinds = await tab.hear_kinds(3)

    assert last["notification"]["kind"] == "reserved"  # not `moved`, which the list shows
    assert kinds == ["moved", "reserved", "submitted"]  # some again, none missing


async def test_silence_is_broken_by_heartbeats(site: Site) -> None:
    ada = await site.person()
    async with site.serving(heartbeat=timedelta(seconds=0.05)), site.tab(ada) as tab:
        beats = [(await tab.hear())["type"] for _ in range(3)]

    assert beats == ["heartbeat"] * 3
    assert tab.ready["heartbeat_seconds"] == 0.05


async def test_a_token_that_runs_off_ends_the_socket(site: Site) -> None:
    ada = await site.person()
    life, begin = timedelta(seconds=2), utc_now()
    site.now = lambda: begin  # however long it takes to open; a token's end is a whole second
    async with site.serving(), site.tab(ada, life=life) as tab:
        site.now = lambda: begin + life

        assert await tab.closed() == 4401


async def test_a_client_that_leaves_is_forgotten(site: Site) -> None:
    ada = await site.person()
    async with site.serving():
        async with site.tab(ada):
            assert list(site.hub.people) == [ada]
        async with asyncio.timeout(PATIENCE):
            while site.hub.people:
                await asyncio.sleep(0.01)

    assert list(site.hub.people) == []


async def test_what_a_client_says_changes_nothing(site: Site) -> None:
    ada = await site.person()
    async with site.serving(), site.tab(ada) as tab:
        await tab.socket.send("{" * 10_000)
        await tab.socket.send(b"\x00\xff")
        await site.book.add(ada, "1", "reserved", {})

        assert await tab.hear_kinds(1) == ["reserved"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer nonsense"}, 401),
        ({"Cookie": "pw_access={token}", "Origin": "http://evil.example"}, 403),
        ({"Cookie": "pw_access={token}"}, 403),
    ],
)
async def test_strangers_are_refused_before_it_opens(
    site: Site, headers: dict[str, str], status: int
) -> None:
    token = await site.token(await site.person())
    shown = {name: value.format(token=token) for name, value in headers.items()}
    async with site.serving():
        with pytest.raises(InvalidStatus) as raised:
            async with connect(site.url(), additional_headers=shown):
                pass

    assert raised.value.response.status_code == status
    assert raised.value.response.headers["content-type"] == "application/problem+json"


async def test_a_page_of_this_site_connects_by_its_cookie(site: Site) -> None:
    token = await site.token(await site.person())
    shown = {"Cookie": f"pw_access={token}", "Origin": site.settings.public_url}
    async with site.serving(), connect(site.url(), additional_headers=shown) as open_socket:
        assert (await Tab(open_socket).hear())["type"] == "ready"


async def disable(session: AsyncSession, person_id: UUID) -> None:
    (await session.get_one(Person, person_id)).disabled_at = utc_now()


async def sign_out(session: AsyncSession, person_id: UUID) -> None:
    await revoke_all(session, person_id, utc_now())


async def change_roles(session: AsyncSession, person_id: UUID) -> None:
    await set_roles(session, person_id, [Role.STUDENT, Role.PROCTOR])


@pytest.mark.parametrize("change", [disable, sign_out, change_roles])
async def test_a_changed_standing_closes_the_socket_at_once(
    site: Site, change: Callable[[AsyncSession, UUID], Awaitable[None]]
) -> None:
    ada, ben = await site.person(), await site.person()
    async with site.serving(), site.tab(ada) as tab, site.tab(ben) as other:
        async with site.databases.users.write() as session:
            await change(session, ada)

        assert await tab.closed() == SIGN_IN_AGAIN
        await site.book.add(ben, "1", "reserved", {})
        assert await other.hear_kinds(1) == ["reserved"]


async def test_a_client_that_never_reads_is_behind(site: Site) -> None:
    ada = await site.person()
    person = await site.member(ada)
    async with site.serving(), site.hub.subscribed(person, None) as subscription:
        subscription.queue = asyncio.Queue(1)
        for number in range(2):
            await site.book.add(ada, f"{number}", "reserved", {})
        await site.hub.look()

        assert subscription.is_behind
        assert subscription.queue.qsize() == 1
