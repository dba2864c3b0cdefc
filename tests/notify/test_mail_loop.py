"""The mail loop sends what nobody else does, and goes on whatever happens."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from activities.ports import Mail
from schema.failures import Failure, FailureType
from schema.ids import new_id
from tests.notify.desk import Desk, ForgetfulMailBook, RecordingSender


@pytest.fixture
def sender() -> RecordingSender:
    return RecordingSender()


@pytest.fixture
def desk(sender: RecordingSender) -> Desk:
    return Desk(sender)


async def test_an_account_mail_is_sent_and_its_token_forgotten(desk: Desk, sender: RecordingSender) -> None:
    ada = desk.person("ada")
    facts = {"token": "s3cret/+", "expires_at": "2027-01-11T10:00:00+00:00"}
    await desk.mails.enlist(ada, "reset:1", "reset_password", facts)

    assert await desk.loop.send_due() == 1
    assert await desk.loop.send_due() == 0

    text = str(sender.taken[0].get_body(("plain",)))
    assert "http://localhost:8000/reset-password?token=s3cret/%2B" in text
    assert (await desk.mails.enlist(ada, "reset:1", "reset_password", facts)).facts == {
        "expires_at": "2027-01-11T10:00:00+00:00"
    }


async def test_tries_wait_twice_as_long_each_time(desk: Desk, sender: RecordingSender) -> None:
    await desk.mails.enlist(desk.person("ada"), "x", "released", {})
    sender.failures["ada@"] = [Failure(FailureType.UNAVAILABLE, "451 later")] * 8
    waits: list[timedelta] = []
    last = desk.clock()

    while not sender.taken:
        before = len(sender.tried)
        await desk.loop.send_due()
        if len(sender.tried) > before:
            waits.append(desk.clock() - last)
            last = desk.clock()
        desk.clock.move(timedelta(seconds=2))

    assert [wait.total_seconds() for wait in waits] == [0, 2, 4, 8, 16, 32, 64, 128, 256]


async def test_the_longest_wait_is_ten_minutes(desk: Desk, sender: RecordingSender) -> None:
    mail = await desk.mails.enlist(desk.person("ada"), "x", "released", {})
    for _ in range(40):
        await desk.mails.failed(mail.mail_id, "451")
    sender.failures["ada@"] = [Failure(FailureType.UNAVAILABLE, "451")]
    await desk.loop.send_due()

    desk.clock.move(timedelta(minutes=10))

    assert await desk.loop.send_due() == 1


async def test_a_mail_to_nobody_is_given_up(desk: Desk, sender: RecordingSender) -> None:
    mail = await desk.mails.enlist(new_id(), "x", "released", {})

    assert await desk.loop.send_due() == 0
    desk.clock.move(timedelta(days=1))
    assert await desk.loop.send_due() == 0

    assert "there is no such person" in desk.mails.troubles[mail.mail_id]
    assert sender.tried == []


async def test_a_mail_that_cannot_be_written_stops_no_other(desk: Desk, sender: RecordingSender) -> None:
    ada = desk.person("ada")
    broken = await desk.mails.enlist(ada, "broken", "no_such_template", {})
    await desk.mails.enlist(ada, "x", "released", {})

    assert await desk.loop.send_due() == 1

    assert "no_such_template" in desk.mails.troubles[broken.mail_id]


async def test_two_loops_send_a_mail_once(sender: RecordingSender) -> None:
    desk = Desk(sender)
    ada = desk.person("ada")
    for number in range(20):
        await desk.mails.enlist(ada, f"{number}", "released", {})

    sent = await asyncio.gather(desk.loop.send_due(), desk.loop.send_due(), desk.loop.send_due())

    assert sum(sent) == 20
    assert len(sender.taken) == 20


class FlakyMailBook(ForgetfulMailBook):
    """A book whose database is away for its first questions."""

    asked = 0

    async def due(self, at: datetime, limit: int) -> Sequence[Mail]:
        self.asked += 1
        if self.asked < 3:
            raise ConnectionError("the database is away")
        return await super().due(at, limit)


async def test_it_survives_the_database(sender: RecordingSender) -> None:
    desk = Desk(sender, FlakyMailBook)
    await desk.mails.enlist(desk.person("ada"), "x", "released", {})

    running = asyncio.create_task(desk.loop.run())
    while not sender.taken:
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.wait([running])

    assert sender.receivers == ["Ada <ada@example.org>"]
