"""How streams end: silence, revocation, the close of the attempt, and the record that nothing follows."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.spool.running import RunningSpool
from api.spool.spool import OwedSeal
from api.users.person import set_roles
from api.users.refresh import revoke_all
from schema.db.tables.monitoring import AttemptFeed, SegmentRow
from schema.db.tables.users import Person
from schema.record import ConnectionFact, ConnectionFactKind, Record, RecordKind
from schema.role import Role
from schema.stream import CloseCode, Closing, Presence
from tests.stream.node import WAIT, Node

STUDENT = (Role.STUDENT,)


def facts(records: list[Record]) -> list[ConnectionFactKind]:
    return [
        ConnectionFact.model_validate_json(record.body).kind
        for record in records
        if record.kind is RecordKind.CONNECTION
    ]


async def feed_row(node: Node, attempt_id: object) -> AttemptFeed:
    async with node.databases.monitoring.read() as session:
        row = await session.scalar(select(AttemptFeed).where(AttemptFeed.attempt_id == attempt_id))
    assert row is not None
    return row


async def test_a_closed_attempt_takes_what_is_in_flight_then_ends(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        await browser.acks(1)
        await node.feeds.close(attempt)
        await node.internal.post(f"/api/monitoring/internal/attempts/{attempt}/closed")
        await browser.send_frame(2)
        late = await browser.acks(1)
        _, code = await browser.farewell()

    records = await node.until_final(attempt)
    assert 2 in late
    assert code == CloseCode.ATTEMPT_CLOSED
    assert facts(list(records)) == [
        ConnectionFactKind.OPENED,
        ConnectionFactKind.ENDED,
    ]
    row = await feed_row(node, attempt)
    assert row.final_offset == records[-1].offset
    assert row.presence == Presence.CLOSED


async def test_a_browser_that_leaves_when_told_ends_the_stream_for_good(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        await browser.acks(1)
        await node.feeds.close(attempt)
        await browser.hear(Closing)

    records = await node.until_final(attempt)

    assert facts(list(records)) == [ConnectionFactKind.OPENED, ConnectionFactKind.ENDED]
    assert len(await node.segments.of_attempt(attempt)) == 1


async def test_a_seal_that_the_sweep_pays_meanwhile_is_paid_once(node: Node, spool: RunningSpool) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        await browser.acks(1)
        await node.feeds.close(attempt)
        await browser.farewell()
    await node.until_final(attempt)
    (segment,) = await node.segments.of_attempt(attempt)
    owed = OwedSeal(segment, 3, is_final=True)
    spool.spool.owed_seals.append(owed)

    await asyncio.gather(spool.spool.pay(owed), spool.spool.pay(owed))

    assert spool.spool.owed_seals == []
    assert await node.segments.of_attempt(attempt) == [segment]


async def test_the_node_notices_a_closed_attempt_by_itself(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await node.feeds.close(attempt)
        said, code = await browser.farewell()

    assert code == CloseCode.ATTEMPT_CLOSED
    assert not said.may_reconnect


async def test_an_attempt_whose_browser_is_gone_gets_its_end(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1)
        await browser.acks(1)
    await node.feeds.close(attempt)

    records = await node.until_final(attempt)

    assert facts(list(records))[-1] is ConnectionFactKind.ENDED
    assert [record.offset for record in records] == sorted({record.offset for record in records})


async def test_an_attempt_that_never_streamed_ends_too(node: Node) -> None:
    attempt, _ = await node.open_attempt()
    await node.feeds.close(attempt)

    records = await node.until_final(attempt)

    assert records == []
    assert (await feed_row(node, attempt)).final_offset == 0


async def test_no_ticket_is_given_once_the_attempt_is_closed(node: Node) -> None:
    attempt, student = await node.open_attempt()
    await node.feeds.close(attempt)
    answer = await node.client.post(
        f"/api/monitoring/attempts/{attempt}/stream-ticket",
        headers={"Authorization": f"Bearer {await node.token(student, *STUDENT)}"},
    )

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/illegal_move"


async def disable(session: AsyncSession, student: UUID) -> None:
    await session.execute(
        update(Person).where(Person.person_id == student).values(disabled_at=datetime.now(UTC))
    )


async def sign_out(session: AsyncSession, student: UUID) -> None:
    await revoke_all(session, student, datetime.now(UTC))


async def take_the_role(session: AsyncSession, student: UUID) -> None:
    await set_roles(session, student, [Role.GRADER])


@pytest.mark.parametrize("change", [disable, sign_out, take_the_role])
async def test_who_may_no_longer_sit_the_exam_is_disconnected(
    node: Node, change: Callable[[AsyncSession, UUID], Awaitable[None]]
) -> None:
    attempt, student = await node.open_attempt()
    other_attempt, other_student = await node.open_attempt()
    async with node.browser(attempt, student) as browser, node.browser(other_attempt, other_student) as other:
        async with node.databases.users.write() as session:
            await change(session, student)
        said, code = await browser.farewell()

        await other.send_frame(1)
        assert 1 in await other.acks(1)

    assert code == CloseCode.REVOKED
    assert not said.may_reconnect


async def test_presence_is_written_down_in_groups(node: Node) -> None:
    attempt, student = await node.open_attempt()
    assert (await feed_row(node, attempt)).presence == Presence.NEVER
    ticket = await node.ticket(attempt, student)
    assert (await feed_row(node, attempt)).presence == Presence.CONNECTING
    async with node.stream(attempt, ticket) as browser:
        await browser.send_frame(1)
        await browser.acks(1)
        await until(node, attempt, Presence.ONLINE)
    await until(node, attempt, Presence.MISSING)

    assert (await feed_row(node, attempt)).last_record_at is not None


async def test_a_full_segment_is_sealed_and_the_stream_goes_on(node: Node, spool: RunningSpool) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        for seq in range(1, 9):
            await browser.send_frame(seq)
            await browser.acks(1)
            if seq % 3 == 0:
                await spool.spool.rotate(spool.spool.attempts[attempt])
        frames = [record.seq for record in await node.records(attempt) if record.seq]
    async with node.databases.monitoring.read() as session:
        segments = (
            await session.scalars(
                select(SegmentRow).where(SegmentRow.attempt_id == attempt).order_by(SegmentRow.first_offset)
            )
        ).all()

    assert frames == list(range(1, 9))
    assert len(segments) == 3
    for before, after in pairwise(segments):
        assert before.last_offset is not None
        assert before.last_offset < after.first_offset


async def until(node: Node, attempt_id: object, presence: Presence) -> None:
    async with asyncio.timeout(WAIT):
        while (await feed_row(node, attempt_id)).presence != presence:
            await asyncio.sleep(0.1)
