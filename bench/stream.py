"""Frames a second that one API node makes durable: synced in groups, as served, against a sync after each frame.

`python -m bench.stream`: streams real JPEGs over real WebSockets to a node in a process of its own, both ways in
one run. Prints a table and writes bench/results/stream.json. Clients and node share the machine's cores.
"""

# ruff: noqa: T201 - a benchmark talks to people on the terminal

import argparse
import asyncio
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
from websockets.asyncio.client import ClientConnection, connect

from activities.adapters.sql.feed_book import SqlFeedBook
from api.token import AccessTokens
from bench.stream_node import node_settings
from schema.db.migrate import migrate
from schema.db.session import Database, Databases
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.role import Role
from schema.settings import Settings
from schema.stream import (
    SERVER_MESSAGE,
    AckMessage,
    FrameMessage,
    Ping,
    Pong,
    Ready,
    StreamTicketGrant,
    TicketMessage,
    encode_frame,
)
from schema.task import OpenFeed
from tests.people import enrol

RESULT = Path(__file__).parent / "results" / "stream.json"
IN_FLIGHT = 32  # unacknowledged frames of one client


def main() -> None:
    """Both ways, alternating, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    figures: dict[str, list[tuple[float, float]]] = {"group": [], "each": []}
    for _ in range(given.rounds):
        for sync, found in figures.items():
            found.append(_measure(sync, given.clients, given.seconds))
    _report(figures, given.clients)


def _measure(sync: str, clients: int, seconds: float) -> tuple[float, float]:
    """(frames a second, median milliseconds from sending to acknowledgement)."""
    disk = Path("var")  # a temporary folder may be in memory, where a sync costs nothing
    disk.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=disk, prefix="bench-") as folder:
        settings = node_settings(Path(folder), _free_port())
        migrate(settings.database_url_of)
        command = (sys.executable, "-m", "bench.stream_node", folder, str(settings.api_port), sync)
        with subprocess.Popen(command) as node:
            try:
                return asyncio.run(_stream(settings, clients, seconds))
            finally:
                node.kill()


async def _stream(settings: Settings, clients: int, seconds: float) -> tuple[float, float]:
    databases = Databases.open(settings.database_url_of)
    book = SqlFeedBook(databases.monitoring)
    jpeg = _jpeg(settings.sample_media_dir)
    address = f"http://127.0.0.1:{settings.api_port}"
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as http:
        await _answering(http)
        tickets = [await _ticket(http, book, databases.users, settings) for _ in range(clients)]
        await databases.close()
        end = time.monotonic() + 1 + seconds
        began = time.monotonic()
        work = [_client(settings, *ticket, jpeg, end) for ticket in tickets]
        waits = [wait for one in await asyncio.gather(*work) for wait in one]
    return len(waits) / (time.monotonic() - began), statistics.median(waits) * 1000


async def _client(settings: Settings, attempt_id: UUID, ticket: str, jpeg: bytes, end: float) -> list[float]:
    """Seconds from sending to acknowledgement of each frame."""
    url = f"ws://127.0.0.1:{settings.api_port}/api/monitoring/attempts/{attempt_id}/stream"
    sent: dict[int, float] = {}
    waits: list[float] = []
    async with connect(url, compression=None) as connection:
        await connection.send(TicketMessage(ticket=ticket).model_dump_json())
        ready = SERVER_MESSAGE.validate_json(await connection.recv())
        if not isinstance(ready, Ready):
            raise SystemExit(f"the node said {ready}")
        seq = 0
        while time.monotonic() < end or sent:
            while len(sent) < IN_FLIGHT and time.monotonic() < end:
                seq += 1
                sent[seq] = time.monotonic()
                await connection.send(
                    encode_frame(FrameMessage(ready.stream_id, seq, datetime.now(UTC), jpeg))
                )
            waits += await _acknowledged(connection, sent)
    return waits


async def _acknowledged(connection: ClientConnection, sent: dict[int, float]) -> list[float]:
    message = SERVER_MESSAGE.validate_json(await asyncio.wait_for(connection.recv(), 60))
    if isinstance(message, Ping):
        await connection.send(Pong().model_dump_json())
        return []
    if not isinstance(message, AckMessage):
        raise SystemExit(f"the node said {message}")
    now = time.monotonic()
    return [now - sent.pop(ack.seq) for ack in message.acks]


async def _ticket(
    http: httpx.AsyncClient, book: SqlFeedBook, users: Database, settings: Settings
) -> tuple[UUID, str]:
    attempt_id, student_id = new_id(), new_id()
    ids = {"attempt_id": attempt_id, "student_id": student_id, "exam_id": new_id()}
    await book.open(OpenFeed(**ids, organisation_id=DEFAULT_ORGANISATION, interval=timedelta(milliseconds=1)))
    tokens = AccessTokens(settings.jwt_secret.get_secret_value(), settings.access_token_life)
    now = datetime.now(UTC)
    async with users.write() as session:
        session_id = await enrol(session, student_id, [Role.STUDENT], now)
    token = tokens.issue(student_id, DEFAULT_ORGANISATION, frozenset({Role.STUDENT}), session_id, now)
    path = f"/api/monitoring/attempts/{attempt_id}/stream-ticket"
    answer = await http.post(path, headers={"Authorization": f"Bearer {token}"})
    return attempt_id, StreamTicketGrant.model_validate_json(answer.text).ticket


async def _answering(http: httpx.AsyncClient) -> None:
    for _ in range(300):
        try:
            await http.get("/healthz")
        except httpx.TransportError:
            await asyncio.sleep(0.1)
        else:
            await asyncio.sleep(0.2)
            return
    raise SystemExit("the node does not answer")


def _jpeg(media: Path) -> bytes:
    """A webcam's frame from the sample media, else the public-domain picture that scikit-image ships."""
    found = media / "images" / "male_640x480.jpg"
    if found.is_file():
        return found.read_bytes()
    from io import BytesIO

    from PIL import Image
    from skimage.data import astronaut

    file = BytesIO()
    picture = Image.fromarray(astronaut())  # type: ignore[no-untyped-call]
    picture.resize((640, 480)).save(file, "JPEG", quality=85)
    return file.getvalue()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _report(figures: dict[str, list[tuple[float, float]]], clients: int) -> None:
    rates = {sync: statistics.median(rate for rate, _ in found) for sync, found in figures.items()}
    waits = {sync: statistics.median(wait for _, wait in found) for sync, found in figures.items()}
    names = {"group": "synced in groups (as served)", "each": "a sync after each frame"}
    print(f"{clients} WebSockets, {IN_FLIGHT} frames in flight each, node and clients on one machine")
    for sync, name in names.items():
        print(f"{name:32} {rates[sync]:8.0f} frames/s   acknowledged after {waits[sync]:6.0f} ms (median)")
    ratio = rates["group"] / rates["each"]
    print(f"{'ratio':32} {ratio:8.1f}")
    result = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "clients": clients,
        "frames_per_second": {sync: round(rate) for sync, rate in rates.items()},
        "acknowledged_after_ms": {sync: round(wait) for sync, wait in waits.items()},
        "ratio": round(ratio, 2),
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
