"""Streams that are not one's own, second ones, and records with impossible numbers, times and bytes."""

import asyncio
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from api.demo.person import Person
from tests.product.dishonest.scene import Scene

HEADER = struct.Struct(">16sIQ")
SILENCE = 0.4  # seconds without a word: then it has said what it had to say
INTERNAL_ERROR = 1011
Sent = tuple[str | bytes, ...]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A stream: whose attempt, with which ticket, and what is sent over it."""

    kind: str
    attempt_id: str
    ticket: str  # "own", or a text that is none
    sent: Sent
    twice: bool = False  # the same ticket opens a second one


def no_ticket(scene: Scene, rng: Random) -> Dialogue:
    """A ticket that is none, at the own attempt or another's."""
    attempt = rng.choice((scene.attempt_id, scene.around.victim_attempt_id))
    ticket = rng.choice(("", "x" * 43, "null", "A" * 4_000))
    return Dialogue("a stream without a ticket", attempt, ticket, ())


def others_attempt(scene: Scene, _rng: Random) -> Dialogue:
    """The own ticket at another's attempt."""
    return Dialogue("a stream at another's attempt", scene.around.victim_attempt_id, "own", (_event(1, 0),))


def second_stream(scene: Scene, _rng: Random) -> Dialogue:
    """One ticket for two streams."""
    return Dialogue("a ticket used twice", scene.attempt_id, "own", (_event(1, 0),), twice=True)


def wild_records(scene: Scene, rng: Random) -> Dialogue:
    """Sequences far ahead, times far off, pictures that are none, and a flood of events."""
    said: list[str | bytes] = [
        _event(rng.choice((1, 2, 10_000, 2**31)), rng.choice((0, 2**40, -(2**40)))),
        HEADER.pack(rng.randbytes(16), rng.choice((0, 1, 2**32 - 1)), rng.getrandbits(60))
        + rng.randbytes(40),
        rng.choice(("{", "[]", '{"type": "ticket", "ticket": "again"}', '{"type": "admin"}', "x" * 5_000)),
        b"",
        *[_event(number, 0) for number in range(2, 12)],
    ]
    rng.shuffle(said)
    return Dialogue("a stream of impossible records", scene.attempt_id, "own", tuple(said))


ACTS: tuple[Callable[[Scene, Random], Dialogue], ...] = (
    no_ticket,
    others_attempt,
    second_stream,
    wild_records,
    wild_records,
)


async def held(server: str, student: Person, dialogue: Dialogue, own_attempt_id: str) -> tuple[str, str]:
    """How it was answered, in a word, and what is wrong with that; empty when nothing is."""
    ticket = dialogue.ticket
    if ticket == "own":
        granted = await student._http.post(f"/api/monitoring/attempts/{own_attempt_id}/stream-ticket")
        if granted.status_code != 201:
            return f"no ticket, {granted.status_code}", "5xx" if granted.status_code >= 500 else ""
        ticket = granted.json()["ticket"]
    answers = [await _talk(server, dialogue, ticket) for _ in range(2 if dialogue.twice else 1)]
    word = ", then ".join(answers)
    wrong = ""
    if any(str(INTERNAL_ERROR) in one for one in answers):
        wrong = "the server failed"
    if "opened" in answers[-1] and (dialogue.twice or dialogue.kind != "a stream of impossible records"):
        wrong = "a stream was opened that was nobody's to open"
    return word, wrong


async def _talk(server: str, dialogue: Dialogue, ticket: str) -> str:
    address = f"{server.replace('http', 'ws', 1)}/api/monitoring/attempts/{dialogue.attempt_id}/stream"
    try:
        async with connect(address, proxy=None, max_size=2**20) as socket:
            await socket.send(json.dumps({"type": "ticket", "ticket": ticket}))
            first = json.loads(await asyncio.wait_for(socket.recv(), 10))
            return await _opened(socket, dialogue.sent, first) if first["type"] == "ready" else _ended(first)
    except ConnectionClosed as closed:
        return f"closed {closed.rcvd.code if closed.rcvd else 'at once'}"
    except InvalidHandshake:
        return "no handshake"


def _ended(first: dict[str, object]) -> str:
    return f"{first['type']} {first.get('code', '')}".strip()


async def _opened(socket: ClientConnection, sent: Sent, ready: dict[str, object]) -> str:
    stream = UUID(str(ready["stream_id"]))
    for one in sent:
        # What was made for no stream in particular is for this one.
        await socket.send(one.replace("{stream}", str(stream)) if isinstance(one, str) else one)
    refused = 0
    while True:
        try:
            said = json.loads(await asyncio.wait_for(socket.recv(), SILENCE))
        except TimeoutError:
            return "opened, some refused" if refused else "opened"
        refused += said["type"] == "refused"


def _event(seq: int, off: int) -> str:
    at = 1_795_000_000_000 + off
    body = {
        "type": "event",
        "stream_id": "{stream}",
        "seq": seq,
        "captured_at": at,
        "event": {"kind": "tab_visible"},
    }
    return json.dumps(body)
