"""What a student and the proctors of an attempt say to each other, and the raised hand."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from schema.attempt import Phase
from schema.failures import Failure, FailureType

LONGEST_MESSAGE = 1_000  # characters

# From check-in until the attempt is over; afterwards what was said can be read and nothing is added.
TALKING_PHASES = frozenset(
    {
        Phase.CHECKING_IN,
        Phase.AWAITING_ADMISSION,
        Phase.ADMITTED,
        Phase.IN_PROGRESS,
        Phase.PAUSED,
        Phase.TERMINATED,
    }
)


class Side(StrEnum):
    """Who speaks. All proctors of an attempt are one side: what one has read, none has to read again."""

    STUDENT = "student"
    PROCTOR = "proctor"


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody wants to say. `key` is chosen by their device, so that sending it again says it once."""

    attempt_id: UUID
    author_id: UUID
    side: Side
    key: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it is kept. Numbers of an attempt's messages begin at 1 and have no gap."""

    message_id: UUID
    attempt_id: UUID
    number: int
    author_id: UUID
    side: Side
    key: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands; `version` grows with every change of it.

    `read` is the number up to which each side has read, `unread` how many of the other side's messages come
    after it. A hand that is down may say since when, and which side lowered it.
    """

    version: int = 0
    last_number: int = 0
    read_by_student: int = 0
    read_by_proctors: int = 0
    unread_by_student: int = 0
    unread_by_proctors: int = 0
    hand_raised_at: datetime | None = None
    hand_lowered_at: datetime | None = None
    hand_lowered_by: Side | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A student who waits for an answer, since their hand went up or since the first message that nobody has read."""

    attempt_id: UUID
    since: datetime


SILENCE = Standing()  # of an attempt where nobody has said anything


def same_saying(said: Said, saying: Saying) -> Said:
    """What was kept under a key, for who sends it again. Raises INVALID for another text under the same key."""
    if said.text != saying.text:
        message = "this Idempotency-Key was used for another message; choose a new one"
        raise Failure(FailureType.INVALID, message, field="/Idempotency-Key")
    return said
