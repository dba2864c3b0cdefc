"""A real API node for tests: uvicorn on loopback, SQLite files, a spool and a lake on disk."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import uvicorn
from fastapi import FastAPI

from activities.adapters.feed import HttpRecordFeed, NodeSegmentSource
from activities.adapters.files import FileStore
from activities.adapters.sql.feed_book import SqlFeedBook
from activities.adapters.sql.segment import SqlSegmentBook
from activities.segment import SegmentUploader
from api.app import create_app
from api.spool.running import RunningSpool
from api.token import AccessTokens
from schema.db.session import Databases
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.record import Record
from schema.role import Role
from schema.settings import Part, Settings
from schema.task import OpenFeed
from tests.people import enrol
from tests.stream.browser import Browser, ask_ticket

WAIT = 60.0


def settings_for(folder: Path, **more: object) -> Settings:
    """Everything below one folder, on a free port."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    values = {"var_dir": folder, "api_port": port, "internal_api_url": address, "public_url": address, **more}
    return Settings.model_validate(values)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def internal_client(base_url: str, token: str) -> httpx.AsyncClient:
    """A client that shows the internal token."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=base_url, headers=headers, timeout=20, trust_env=False)


class Node:
    """What a test does with the node from outside."""

    def __init__(self, settings: Settings, databases: Databases) -> None:
        self.settings = settings
        self.databases = databases
        self.client = httpx.AsyncClient(base_url=settings.internal_api_url, trust_env=False, timeout=20)
        self.internal = internal_client(settings.internal_api_url, settings.internal_token.get_secret_value())
        self.feed = HttpRecordFeed(self.internal)
        self.feeds = SqlFeedBook(databases.monitoring)
        self.segments = SqlSegmentBook(databases.monitoring)
        self.store = FileStore(settings.lake_dir)
        self.uploader = SegmentUploader(
            self.segments,
            NodeSegmentSource(settings.var_dir / "spool", self.internal),
            self.store,
            lambda: datetime.now(UTC),
        )

    async def close(self) -> None:
        """Close the clients."""
        await self.client.aclose()
        await self.internal.aclose()

    async def open_attempt(
        self, interval: timedelta = timedelta(seconds=1), screen: timedelta | None = None
    ) -> tuple[UUID, UUID]:
        """(attempt, student) of an attempt that may stream."""
        attempt_id, student_id = new_id(), new_id()
        request = OpenFeed(
            attempt_id=attempt_id,
            organisation_id=DEFAULT_ORGANISATION,
            exam_id=new_id(),
            student_id=student_id,
            interval=interval,
            screen_interval=screen,
        )
        await self.feeds.open(request)
        return attempt_id, student_id

    async def token(self, person_id: UUID, *roles: Role) -> str:
        """An access token of this person, who has exactly these roles from now on."""
        settings, now = self.settings, datetime.now(UTC)
        async with self.databases.users.write() as session:
            session_id = await enrol(session, person_id, roles, now)
        tokens = AccessTokens(settings.jwt_secret.get_secret_value(), settings.access_token_life)
        return tokens.issue(person_id, DEFAULT_ORGANISATION, frozenset(roles), session_id, now)

    async def bearer(self, *roles: Role) -> dict[str, str]:
        """Headers of somebody with these roles."""
        return {"Authorization": f"Bearer {await self.token(new_id(), *roles)}"}

    async def ticket(self, attempt_id: UUID, student_id: UUID, page: str | None = None) -> str:
        """A fresh ticket."""
        grant = await ask_ticket(self.client, attempt_id, await self.token(student_id, Role.STUDENT), page)
        return grant.ticket

    def url(self, attempt_id: UUID) -> str:
        """The WebSocket's address."""
        base = self.settings.internal_api_url.replace("http:", "ws:")
        return f"{base}/api/monitoring/attempts/{attempt_id}/stream"

    def stream(self, attempt_id: UUID, ticket: str) -> AbstractAsyncContextManager[Browser]:
        """Open a stream."""
        return Browser.stream(self.url(attempt_id), ticket)

    @asynccontextmanager
    async def browser(self, attempt_id: UUID, student_id: UUID) -> AsyncIterator[Browser]:
        """Ask for a ticket and open a stream."""
        ticket = await self.ticket(attempt_id, student_id)
        async with self.stream(attempt_id, ticket) as browser:
            yield browser

    async def records(self, attempt_id: UUID, *, limit: int = 7) -> Sequence[Record]:
        """All records there are now, page by page over the internal feed."""
        found: list[Record] = []
        after = -1
        while True:
            page = await self.feed.read(attempt_id, after, limit, 0)
            found += page.records
            if not page.records:
                return found
            after = page.records[-1].offset

    async def until_final(self, attempt_id: UUID) -> Sequence[Record]:
        """All records, once none can follow."""
        found: list[Record] = []
        async with asyncio.timeout(WAIT):
            while True:
                after = found[-1].offset if found else -1
                page = await self.feed.read(attempt_id, after, 100, 2)
                found += page.records
                if page.is_final:
                    return found


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[Node, RunningSpool]]:
    """A node in this process over migrated databases; what it keeps stays on disk for the next one."""
    databases = Databases.open(settings.database_url_of)
    app = create_app(settings, frozenset({Part.MONITORING}), databases=databases)
    node = Node(settings, databases)
    try:
        async with _listening(app, settings.api_port):
            yield node, app.state.context.kept(RunningSpool)
    finally:
        await node.close()
        await databases.close()


@asynccontextmanager
async def _listening(app: FastAPI, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(app, "127.0.0.1", port, log_level="warning", ws="websockets-sansio")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(WAIT):
            while not server.started:
                await asyncio.sleep(0.02)
        yield
    finally:
        server.should_exit = True
        await task
