"""A student who asks for help and whom nobody answers: the proctors are told once, and only while it is true."""

from datetime import timedelta
from uuid import UUID

import pytest

from activities.adapters.memory.attempt_book import MemoryAttemptBook
from activities.adapters.memory.conversation_book import MemoryConversationBook
from activities.adapters.memory.reservations import MemoryAttempt, MemoryReservations
from activities.call_loop import PATIENCE, CallLoop
from schema.attempt import Phase, Verb
from schema.conversation import Saying, Side
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.notice import Occasion
from tests.contracts.builder import a_hold, a_projection, a_slot, a_step
from tests.notify.desk import BEGIN, EXAM, Desk, RecordingSender

MOMENT = timedelta(seconds=1)


class Ward:
    """One attempt in check-in, a proctor, and the loop over both."""

    def __init__(self) -> None:
        self.sender = RecordingSender()
        self.desk = Desk(self.sender)
        self.proctor = self.desk.person("pat", "proctor")
        self.desk.person("ada", "student")
        self.talk = MemoryConversationBook()
        self.reservations = MemoryReservations()
        self.attempt_id = self.put(Phase.CHECKING_IN)

    def put(self, phase: Phase) -> UUID:
        """Another attempt."""
        hold = a_hold(a_slot(exam_id=EXAM))
        step = a_step(1, Verb.CONFIRM, phase)
        attempt_id, slot_id = hold.attempt.attempt_id, hold.attempt.slot.slot_id
        self.reservations.attempts[attempt_id] = MemoryAttempt(
            hold.attempt, slot_id, slot_id, projection=a_projection(hold, step)
        )
        return attempt_id

    def loop(self) -> CallLoop:
        """A worker's."""
        book = MemoryAttemptBook(self.reservations)
        return CallLoop(self.talk, book, self.desk.activities, now=self.desk.clock)

    async def write(self, attempt_id: UUID) -> None:
        """The student writes, now."""
        said = Saying(attempt_id, new_id(), Side.STUDENT, str(new_id()), "Help", self.desk.clock())
        await self.talk.say(said)

    @property
    def told(self) -> list[str]:
        """What the proctor finds behind the bell."""
        return self.desk.kinds_of(self.proctor)


@pytest.fixture
def ward() -> Ward:
    return Ward()


async def test_proctors_are_told_after_a_minute_and_once(ward: Ward) -> None:
    loop, another = ward.loop(), ward.loop()
    await ward.talk.raise_hand(ward.attempt_id, BEGIN)

    ward.desk.clock.move(PATIENCE - MOMENT)
    await loop.step()
    before = list(ward.told)
    for wait in (MOMENT, MOMENT, timedelta(minutes=10)):
        ward.desk.clock.move(wait)
        await loop.step()
        await another.step()

    assert before == []
    assert ward.told == ["call_unanswered"]
    assert ward.sender.receivers == ["Pat <pat@example.org>"]
    (mail,) = ward.sender.taken
    body = mail.get_body(("plain",))
    assert mail["Subject"] == "A student asks for help: Biology"
    assert body is not None
    assert f"http://localhost:8000/attempts/{ward.attempt_id}" in body.get_content()
    assert "10:00" in body.get_content()  # 09:00 UTC in Vienna


async def test_who_was_answered_calls_nobody(ward: Ward) -> None:
    await ward.write(ward.attempt_id)
    await ward.talk.mark_read(ward.attempt_id, Side.PROCTOR, 1)
    ward.desk.clock.move(PATIENCE)

    await ward.loop().step()

    assert ward.told == []


async def test_who_asks_again_is_told_of_again(ward: Ward) -> None:
    loop = ward.loop()
    for number in (1, 2):
        await ward.write(ward.attempt_id)
        ward.desk.clock.move(PATIENCE)
        await loop.step()
        await ward.talk.mark_read(ward.attempt_id, Side.PROCTOR, number)

    assert ward.told == ["call_unanswered"] * 2


@pytest.mark.parametrize("phase", [Phase.SUBMITTED, Phase.CANCELLED])
async def test_an_attempt_that_is_over_calls_nobody(ward: Ward, phase: Phase) -> None:
    await ward.write(ward.put(phase))
    ward.desk.clock.move(PATIENCE)

    await ward.loop().step()

    assert ward.told == []


async def test_a_worker_that_was_away_for_a_day_wakes_nobody(ward: Ward) -> None:
    await ward.write(ward.attempt_id)
    ward.desk.clock.move(timedelta(days=1))

    await ward.loop().step()

    assert ward.told == []


async def test_a_mail_server_that_is_away_keeps_no_other_call_back(ward: Ward) -> None:
    ward.sender.failures = {"pat@": [Failure(FailureType.UNAVAILABLE, "try later")]}
    await ward.write(ward.attempt_id)
    await ward.write(ward.put(Phase.IN_PROGRESS))
    ward.desk.clock.move(PATIENCE)

    await ward.loop().step()

    assert ward.told == [Occasion.CALL_UNANSWERED.value] * 2
