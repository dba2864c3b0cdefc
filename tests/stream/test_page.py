"""A page's own newer stream is no other place, whatever order its tickets and sockets arrive in."""

import asyncio

import pytest
from websockets.asyncio.client import connect

from schema.stream import SERVER_MESSAGE, CloseCode, Closing, TicketMessage
from tests.stream.browser import closed
from tests.stream.node import Node

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE, OTHER_PAGE = "page-one-of-a-tab", "page-of-a-telephone"


@pytest.fixture
def node(shared_node: Node) -> Node:
    return shared_node


@pytest.mark.parametrize(
    ("newer", "code"),
    [(PAGE, CloseCode.REPLACED), (OTHER_PAGE, CloseCode.SUPERSEDED), (None, CloseCode.SUPERSEDED)],
    ids=["the same page", "another page", "a client without a name"],
)
async def test_a_stream_ends_by_what_took_its_place(node: Node, newer: str | None, code: CloseCode) -> None:
    attempt, student = await node.open_attempt()
    async with node.stream(attempt, await node.ticket(attempt, student, PAGE)) as first:
        await first.send_frame(1)
        await first.acks(1)
        async with node.stream(attempt, await node.ticket(attempt, student, newer)) as second:
            said, told = await first.farewell()
            await second.send_frame(1)
            acks = await second.acks(1)

    assert told == code
    assert not said.may_reconnect
    assert acks[1].offset >> 32 == 2


@pytest.mark.parametrize(
    ("newer", "code", "may_reconnect"),
    [(PAGE, CloseCode.BAD_TICKET, True), (OTHER_PAGE, CloseCode.SUPERSEDED, False)],
    ids=["the same page", "another page"],
)
async def test_a_ticket_that_comes_too_late_asks_again_or_yields(
    node: Node, newer: str, code: CloseCode, may_reconnect: bool
) -> None:
    attempt, student = await node.open_attempt()
    overtaken = await node.ticket(attempt, student, PAGE)
    async with node.stream(attempt, await node.ticket(attempt, student, newer)) as stream:
        async with connect(node.url(attempt)) as late:
            await late.send(TicketMessage(ticket=overtaken).model_dump_json())
            said = SERVER_MESSAGE.validate_json(await asyncio.wait_for(late.recv(), 10))
            told = await closed(late)
        await stream.send_frame(1)
        acks = await stream.acks(1)

    assert isinstance(said, Closing)
    assert (told, said.may_reconnect) == (code, may_reconnect)
    assert 1 in acks
