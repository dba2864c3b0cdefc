"""ConversationBook: each message once and in order, marks that never go back, one hand."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from activities.ports import ConversationBook
from schema.conversation import Call, Saying, Side
from schema.failures import Failure, FailureType
from schema.ids import new_id
from tests.contracts.builder import NOON, SECOND
from tests.contracts.world import World


@pytest.fixture
def book(world: World) -> ConversationBook:
    return world.books.conversations


def saying(attempt_id: UUID, text: str = "Hello", side: Side = Side.STUDENT, key: str = "") -> Saying:
    return Saying(attempt_id, new_id(), side, key or str(new_id()), text, NOON)


async def test_messages_are_numbered_and_read_on_from_a_number(book: ConversationBook) -> None:
    attempt_id = new_id()
    for text in ("one", "two", "three"):
        await book.say(saying(attempt_id, text))
    await book.say(saying(new_id(), "elsewhere"))

    first = await book.since(attempt_id, 0, 2)
    rest = await book.since(attempt_id, first[-1].number, 2)

    assert [(one.number, one.text) for one in (*first, *rest)] == [(1, "one"), (2, "two"), (3, "three")]
    assert await book.since(attempt_id, 3, 2) == []


async def test_a_message_sent_again_is_the_same_message(book: ConversationBook) -> None:
    once = saying(new_id())

    sent = [await book.say(once) for _ in range(2)]

    assert sent[0] == sent[1]
    assert list(await book.since(once.attempt_id, 0, 9)) == [sent[0]]
    assert (await book.standings([once.attempt_id]))[once.attempt_id].version == 1


async def test_a_key_names_one_text_for_one_author_and_attempt(book: ConversationBook) -> None:
    said = saying(new_id(), key="0123456789")
    await book.say(said)

    with pytest.raises(Failure) as raised:
        await book.say(Saying(said.attempt_id, said.author_id, said.side, said.key, "Other", NOON))
    other = await book.say(saying(said.attempt_id, "Mine", key="0123456789"))

    assert (raised.value.type, raised.value.field) == (FailureType.INVALID, "/Idempotency-Key")
    assert other.number == 2


async def test_messages_at_once_get_numbers_without_a_gap(book: ConversationBook) -> None:
    attempt_id = new_id()

    sent = await asyncio.gather(*[book.say(saying(attempt_id, str(place))) for place in range(8)])

    assert sorted(one.number for one in sent) == list(range(1, 9))
    assert list(await book.since(attempt_id, 0, 9)) == sorted(sent, key=lambda one: one.number)


async def test_each_side_has_the_others_messages_unread_until_its_mark(book: ConversationBook) -> None:
    attempt_id = new_id()
    for side in (Side.STUDENT, Side.STUDENT, Side.PROCTOR):
        await book.say(saying(attempt_id, side=side))
    before = (await book.standings([attempt_id]))[attempt_id]

    by_proctors = await book.mark_read(attempt_id, Side.PROCTOR, 1)
    back = await book.mark_read(attempt_id, Side.PROCTOR, 0)
    beyond = await book.mark_read(attempt_id, Side.STUDENT, 99)

    assert (before.unread_by_student, before.unread_by_proctors) == (1, 2)
    assert (by_proctors.read_by_proctors, by_proctors.unread_by_proctors) == (1, 1)
    assert back == by_proctors
    assert (beyond.read_by_student, beyond.unread_by_student) == (3, 0)


async def test_a_hand_is_up_since_it_was_raised_and_says_who_lowered_it(book: ConversationBook) -> None:
    attempt_id = new_id()

    raised = await book.raise_hand(attempt_id, NOON)
    again = await book.raise_hand(attempt_id, NOON + SECOND)
    lowered = await book.lower_hand(attempt_id, Side.PROCTOR, NOON + timedelta(minutes=1))
    down = await book.lower_hand(attempt_id, Side.STUDENT, NOON + timedelta(minutes=2))
    anew = await book.raise_hand(attempt_id, NOON + timedelta(minutes=3))

    assert (raised.hand_raised_at, again) == (NOON, raised)
    assert (lowered.hand_raised_at, lowered.hand_lowered_by) == (None, Side.PROCTOR)
    assert lowered.hand_lowered_at == NOON + timedelta(minutes=1)
    assert down == lowered
    assert (anew.hand_raised_at, anew.hand_lowered_by) == (NOON + timedelta(minutes=3), None)


async def test_every_change_counts_the_version_up(book: ConversationBook) -> None:
    attempt_id, silent = new_id(), new_id()
    seen = []

    for change in (
        book.say(saying(attempt_id)),
        book.mark_read(attempt_id, Side.PROCTOR, 1),
        book.raise_hand(attempt_id, NOON),
        book.lower_hand(attempt_id, Side.STUDENT, NOON),
    ):
        await change
        seen.append(await book.versions([attempt_id, silent]))

    assert seen == [{attempt_id: number} for number in (1, 2, 3, 4)]
    assert silent not in await book.standings([attempt_id, silent])


MINUTE = timedelta(minutes=1)


async def test_a_student_waits_since_the_hand_or_the_first_unread_message(book: ConversationBook) -> None:
    writes, waves, both = (new_id() for _ in range(3))
    await book.say(saying(writes))
    await book.say(replace(saying(writes), at=NOON + SECOND))
    await book.raise_hand(waves, NOON + 2 * SECOND)
    await book.raise_hand(both, NOON + 3 * SECOND)
    await book.say(replace(saying(both), at=NOON + 4 * SECOND))

    calls = await book.unanswered(NOON, NOON + MINUTE)

    assert [call for call in calls if call.attempt_id in {writes, waves, both}] == [
        Call(writes, NOON),
        Call(waves, NOON + 2 * SECOND),
        Call(both, NOON + 3 * SECOND),
    ]


async def test_who_was_answered_or_wrote_at_another_time_does_not_wait(book: ConversationBook) -> None:
    read, lowered, early, late, told = (new_id() for _ in range(5))
    await book.say(saying(read))
    await book.mark_read(read, Side.PROCTOR, 1)
    await book.raise_hand(lowered, NOON)
    await book.lower_hand(lowered, Side.PROCTOR, NOON)
    await book.say(replace(saying(early), at=NOON - SECOND))
    await book.say(replace(saying(early), at=NOON))  # the first one is what counts
    await book.raise_hand(late, NOON + MINUTE + SECOND)
    await book.say(saying(told, side=Side.PROCTOR))

    calls = await book.unanswered(NOON, NOON + MINUTE)

    assert {call.attempt_id for call in calls}.isdisjoint({read, lowered, early, late, told})


async def test_who_writes_again_after_being_read_waits_anew(book: ConversationBook) -> None:
    attempt_id = new_id()
    await book.say(saying(attempt_id))
    await book.mark_read(attempt_id, Side.PROCTOR, 1)
    await book.say(replace(saying(attempt_id), at=NOON + SECOND))

    assert Call(attempt_id, NOON + SECOND) in await book.unanswered(NOON, NOON + MINUTE)
