"""MailBook: one mail per person and occasion, one Message-ID, one sender at a time."""

import asyncio

import pytest

from activities.ports import Pause
from schema.failures import Failure, FailureType
from schema.ids import mail_id_for, new_id
from tests.contracts.builder import HOUR, NOON, SECOND
from tests.contracts.world import World


async def test_a_mail_is_made_once_and_keeps_its_message_id(world: World) -> None:
    person_id = new_id()
    facts = {"exam": "Algebra"}

    mails = await asyncio.gather(
        *[world.books.mails.enlist(person_id, "reserved/1", "reserved", facts) for _ in range(3)]
    )
    other = await world.books.mails.enlist(person_id, "reserved/2", "reserved", facts)

    assert mails[0] == mails[1] == mails[2]
    assert (mails[0].facts, mails[0].is_sent, mails[0].tries) == (facts, False, 0)
    assert other.message_id != mails[0].message_id
    assert len(await world.books.mails.due(NOON, 10)) == 2


async def test_a_mail_knows_the_attempt_with_which_it_goes(world: World) -> None:
    person_id, attempt_id = new_id(), new_id()

    mail = await world.books.mails.enlist(person_id, "reserved/1", "reserved", {}, attempt_id=attempt_id)
    again = await world.books.mails.enlist(person_id, "reserved/1", "reserved", {}, attempt_id=new_id())
    other = await world.books.mails.enlist(person_id, "reset/1", "reset", {})

    assert (mail.attempt_id, again.attempt_id, other.attempt_id) == (attempt_id, attempt_id, None)


async def test_one_of_many_may_send_it(world: World) -> None:
    mail = await world.books.mails.enlist(new_id(), "o", "t", {})

    claims = await asyncio.gather(
        *[world.books.mails.claim(mail.mail_id, NOON, NOON + SECOND) for _ in range(5)]
    )

    assert sorted(claims) == [False, False, False, False, True]
    assert await world.books.mails.due(NOON, 10) == []
    assert [due.mail_id for due in await world.books.mails.due(NOON + SECOND, 10)] == [mail.mail_id]


async def test_a_sent_mail_is_never_due_and_forgets_its_token(world: World) -> None:
    person_id = new_id()
    mail = await world.books.mails.enlist(person_id, "o", "reset", {"token": "secret", "name": "x"})

    await world.books.mails.sent(mail.mail_id)
    await world.books.mails.sent(mail.mail_id)

    kept = await world.books.mails.enlist(person_id, "o", "reset", {})
    assert (kept.is_sent, kept.facts) == (True, {"name": "x"})
    assert await world.books.mails.due(NOON + HOUR, 10) == []
    assert not await world.books.mails.claim(mail.mail_id, NOON + HOUR, NOON + 2 * HOUR)


async def test_a_failed_try_is_counted_and_comes_again_when_it_is_due(world: World) -> None:
    person_id = new_id()
    mail = await world.books.mails.enlist(person_id, "o", "t", {})

    await world.books.mails.failed(mail.mail_id, "451 greylisted", NOON + HOUR)

    assert await world.books.mails.due(NOON + HOUR - SECOND, 10) == []
    (again,) = await world.books.mails.due(NOON + HOUR, 10)
    assert (again.tries, again.is_sent) == (1, False)


async def test_a_refused_address_is_never_tried_again(world: World) -> None:
    person_id = new_id()
    mail = await world.books.mails.enlist(person_id, "o", "t", {})

    await world.books.mails.refused(mail.mail_id, "550 no such user")

    assert await world.books.mails.due(NOON + HOUR, 10) == []
    assert (await world.books.mails.enlist(person_id, "o", "t", {})).is_refused


async def test_the_oldest_are_due_first(world: World) -> None:
    first, second = [await world.books.mails.enlist(new_id(), "o", "t", {}) for _ in range(2)]
    await world.books.mails.failed(first.mail_id, "busy", NOON + HOUR)

    due = await world.books.mails.due(NOON + HOUR, 1)

    assert [mail.mail_id for mail in due] == [second.mail_id]


async def test_an_unknown_mail_is_not_found(world: World) -> None:
    with pytest.raises(Failure) as refused:
        await world.books.mails.sent(new_id())

    assert refused.value.type is FailureType.NOT_FOUND


async def test_nothing_is_sent_in_a_pause(world: World) -> None:
    mails, pauses = world.books.mails, world.books.pauses
    mail = await mails.enlist(new_id(), "o", "t", {})
    await pauses.pause(Pause(NOON - HOUR, is_log_whole=True))
    await pauses.pause(Pause(NOON, is_log_whole=False))

    assert await pauses.paused() == Pause(NOON - HOUR, is_log_whole=False)
    assert await mails.due(NOON, 10) == []
    assert not await mails.claim(mail.mail_id, NOON, NOON + SECOND)
    assert not await mails.may_send(mail.mail_id)
    assert await pauses.resume(hold=False) == 1
    assert await pauses.paused() is None
    assert await mails.may_send(mail.mail_id)
    assert await mails.claim(mail.mail_id, NOON, NOON + SECOND)


@pytest.mark.parametrize("send", [True, False])
async def test_held_mails_wait_for_a_word(world: World, send: bool) -> None:
    mails, pauses, attempt_id = world.books.mails, world.books.pauses, new_id()
    mail = await mails.enlist(new_id(), "o", "t", {}, attempt_id=attempt_id)
    await mails.enlist(new_id(), "account", "t", {})
    await pauses.pause(Pause(NOON, is_log_whole=False))
    assert await pauses.waiting() == [attempt_id]
    await pauses.resume(hold=True)
    later = await mails.enlist(new_id(), "later", "t", {})
    await mails.enlist(new_id(), "by itself", "t", {}, attempt_id=attempt_id)

    assert (await pauses.held(), await pauses.waiting()) == (3, [])
    assert [due.mail_id for due in await mails.due(NOON, 10)] == [later.mail_id]
    assert not await mails.may_send(mail.mail_id)
    assert await pauses.settle_held(send=send) == 3
    assert await pauses.held() == 0
    assert len(await mails.due(NOON, 10)) == (4 if send else 1)


async def test_what_was_sent_before_is_not_sent_again(world: World) -> None:
    mails, pauses, person_id = world.books.mails, world.books.pauses, new_id()
    known = await mails.enlist(person_id, "known", "t", {"token": "secret"})
    unknown = mail_id_for(person_id, "made later")
    sent = {known.mail_id: NOON, unknown: NOON}

    news = [await pauses.note_sent(sent), await pauses.note_sent(sent)]

    assert news == [2, 0]
    assert await mails.due(NOON, 10) == []
    assert (await mails.enlist(person_id, "known", "t", {})).is_sent
    assert (await mails.enlist(person_id, "made later", "t", {})).is_sent
    assert not (await mails.enlist(person_id, "another", "t", {})).is_sent
