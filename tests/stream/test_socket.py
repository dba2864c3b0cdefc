"""The WebSocket of an attempt, over a real server and a real client."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from schema.failures import FailureType
from schema.record import BrowserEventKind, ConnectionFact, ConnectionFactKind, RecordKind
from schema.stream import SERVER_MESSAGE, AckMessage, CloseCode, Closing, Refused, TicketMessage
from tests.stream.browser import Browser, closed, jpeg
from tests.stream.node import Node

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def node(shared_node: Node) -> Node:
    return shared_node


async def test_frames_and_events_are_acknowledged_with_rising_offsets(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        await browser.send_event(2, BrowserEventKind.TAB_HIDDEN)
        await browser.send_frame(3)
        acks = await browser.acks(3)

    records = [record for record in await node.records(attempt) if record.seq]
    assert [acks[seq].offset for seq in (1, 2, 3)] == [record.offset for record in records]
    assert [record.kind for record in records] == [
        RecordKind.FRAME,
        RecordKind.BROWSER_EVENT,
        RecordKind.FRAME,
    ]
    assert records[0].body == jpeg(1)
    assert records[0].offset >> 32 == browser.ready.epoch


async def test_a_frame_sent_twice_gets_its_first_acknowledgement(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        first = (await browser.acks(1))[1]
        await browser.send_frame(1)
        second = (await browser.acks(1))[1]

    assert first == second
    assert len([record for record in await node.records(attempt) if record.kind is RecordKind.FRAME]) == 1


async def test_what_an_earlier_stream_left_is_sent_again_under_its_old_key(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as before:
        await before.send_frame(1)
        first = (await before.acks(1))[1]
    async with node.browser(attempt, student) as browser:
        captured_at = datetime.now(UTC) - timedelta(seconds=1)
        await browser.send_frame(1, stream_id=before.stream_id)
        await browser.send_frame(2, stream_id=before.stream_id, captured_at=captured_at)
        acks = await browser.acks(2)

    assert acks[1] == first
    assert acks[2].stream_id == before.stream_id
    assert acks[2].offset >> 32 == browser.ready.epoch
    frames = [record for record in await node.records(attempt) if record.kind is RecordKind.FRAME]
    assert [frame.seq for frame in frames] == [1, 2]


async def test_a_seq_beyond_the_window_is_refused_with_the_limit_and_the_stream_goes_on(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(901)
        refused = await browser.hear(Refused)
        await browser.send_frame(900)
        acks = await browser.acks(1)

    assert (refused.reason, refused.limit, refused.seq) == (FailureType.TOO_MANY, 900, 901)
    assert "900" in refused.message
    assert 900 in acks


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff\xd8" + bytes(200_000) + b"\xff\xd9", FailureType.TOO_LARGE),
        (b"GIF89a" + bytes(100), FailureType.UNSUPPORTED),
        (jpeg(1)[:2000], FailureType.INVALID),
        (b"\xff\xd8" + bytes(100) + b"\xff\xd9", FailureType.INVALID),
        (jpeg(1, 4096, 2160, 10), FailureType.TOO_LARGE),
        (jpeg(1, 5008, 240, 10), FailureType.TOO_LARGE),
        (jpeg(1, progressive=True), FailureType.UNSUPPORTED),
    ],
    ids=["oversized", "no JPEG", "cut", "broken", "too many pixels", "too wide", "progressive"],
)
async def test_a_bad_picture_is_refused_and_nothing_is_stored(
    node: Node, body: bytes, reason: FailureType
) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1, body)
        refused = await browser.hear(Refused)
        await browser.send_frame(2)
        await browser.acks(1)

    assert (refused.seq, refused.reason) == (1, reason)
    frames = [record for record in await node.records(attempt) if record.kind is RecordKind.FRAME]
    assert [frame.seq for frame in frames] == [2]


@pytest.mark.parametrize(
    "text",
    ["{", "[" * 3000, '{"type":"event"}', '{"type":"ticket","ticket":"' + "x" * 30 + '"}', "x" * 5000],
)
async def test_a_text_that_is_no_event_is_refused(node: Node, text: str) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.socket.send(text)
        refused = await browser.hear(Refused)
        await browser.send_frame(1)
        acks = await browser.acks(1)

    assert refused.reason in {FailureType.INVALID, FailureType.TOO_LARGE}
    assert 1 in acks


@pytest.mark.parametrize("shift", [timedelta(hours=-1), timedelta(minutes=1)], ids=["too early", "too late"])
async def test_a_frame_from_another_time_is_kept_as_of_its_arrival_and_said_to_be(
    node: Node, shift: timedelta
) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1, captured_at=datetime.now(UTC) + shift)
        await browser.acks(1)

    _, fact, frame = (await node.records(attempt))[:3]
    said = ConnectionFact.model_validate_json(fact.body)
    assert said.kind is ConnectionFactKind.CLOCK_WRONG
    assert abs(timedelta(milliseconds=said.off_ms) - shift) < timedelta(seconds=5)
    assert frame.captured_at == frame.received_at


async def test_a_ticket_opens_one_stream_only(node: Node) -> None:
    attempt, student = await node.open_attempt()
    ticket = await node.ticket(attempt, student)
    async with node.stream(attempt, ticket):
        said = await refusal(node, attempt, ticket)

    assert said.code is CloseCode.BAD_TICKET
    assert "used before" in said.message


async def test_an_expired_ticket_opens_nothing(node: Node) -> None:
    attempt, student = await node.open_attempt()
    ticket = await node.ticket(attempt, student)
    async with node.databases.monitoring.write() as session:
        await session.execute(text("UPDATE stream_ticket SET expires_at = '2020-01-01 00:00:00.000000'"))

    said = await refusal(node, attempt, ticket)

    assert "expired" in said.message
    assert await node.records(attempt) == []


async def test_a_ticket_of_another_attempt_opens_nothing(node: Node) -> None:
    attempt, _ = await node.open_attempt()
    other, student = await node.open_attempt()

    said = await refusal(node, attempt, await node.ticket(other, student))

    assert "unknown" in said.message


async def test_a_first_message_that_is_no_ticket_is_told_so(node: Node) -> None:
    attempt, _ = await node.open_attempt()
    async with connect(node.url(attempt)) as socket:
        await socket.send("[" * 100_000)
        said = SERVER_MESSAGE.validate_json(await socket.recv())
        code = await closed(socket)

    assert isinstance(said, Closing)
    assert code == CloseCode.BAD_TICKET


async def test_a_foreign_page_is_turned_away_before_the_socket_opens(node: Node) -> None:
    attempt, student = await node.open_attempt()
    ticket = await node.ticket(attempt, student)
    with pytest.raises(InvalidStatus) as refused:
        async with connect(node.url(attempt), origin="https://elsewhere.example"):  # type: ignore[arg-type]
            pass

    assert refused.value.response.status_code == 403
    async with Browser.stream(node.url(attempt), ticket, node.settings.public_url) as own:
        assert own.ready.epoch == 1


async def test_a_second_window_takes_over_and_the_first_is_told(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as first:
        await first.send_frame(1)
        await first.acks(1)
        async with node.browser(attempt, student) as second:
            said, code = await first.farewell()
            await second.send_frame(1)
            acks = await second.acks(1)

    assert code == CloseCode.SUPERSEDED
    assert not said.may_reconnect
    assert "another window" in said.message
    assert acks[1].offset >> 32 == 2


async def test_an_older_ticket_cannot_take_over_from_a_newer_stream(node: Node) -> None:
    attempt, student = await node.open_attempt()
    older = await node.ticket(attempt, student)
    async with node.browser(attempt, student) as browser:
        said = await refusal(node, attempt, older)
        await browser.send_frame(1)
        acks = await browser.acks(1)

    assert "newer" in said.message
    assert 1 in acks


async def test_an_acknowledgement_carries_load_interval_and_time(node: Node) -> None:
    attempt, student = await node.open_attempt(timedelta(milliseconds=500))
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        message = await browser.hear(AckMessage)

    assert 0 <= message.load <= 10
    assert message.interval_ms == 500
    assert abs(message.server_time - datetime.now(UTC)) < timedelta(seconds=10)


async def refusal(node: Node, attempt_id: UUID, ticket: str) -> Closing:
    async with connect(node.url(attempt_id)) as socket:
        await socket.send(TicketMessage(ticket=ticket).model_dump_json())
        said = SERVER_MESSAGE.validate_json(await asyncio.wait_for(socket.recv(), 10))
        assert isinstance(said, Closing)
        assert await closed(socket) == said.code
        return said
