"""What is asked and answered about messages and raised hands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from schema.conversation import LONGEST_MESSAGE, Said, Side, Standing
from schema.model import Message

MOST_AT_ONCE = 200

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_MESSAGE)]


def _distinct(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(ids))


class NewMessage(Message):
    """Plain text for the other side."""

    text: Text = Field(examples=["May I use a ruler?"])


class NewMessages(Message):
    """The same text to several attempts."""

    attempt_ids: Annotated[
        tuple[UUID, ...], AfterValidator(_distinct), Field(min_length=1, max_length=MOST_AT_ONCE)
    ]
    text: Text = Field(examples=["Ten minutes are left."])


class ReadMark(Message):
    """Up to which message one has read."""

    up_to: Annotated[int, Field(ge=0, le=2**31 - 1)] = Field(examples=[3])


class Hand(Message):
    """Whether the hand is up."""

    raised: bool = Field(examples=[True])


class MessageView(Message):
    """One message. Students are told the author's role only; `key` is for the author, to know it again."""

    message_id: UUID
    number: int = Field(description="1, 2, 3 … within the attempt")
    role: Side
    is_mine: bool
    text: str
    at: datetime
    author_name: str | None = Field(None, description="For those who watch; null for the student")
    key: str | None = Field(None, description="The Idempotency-Key it was sent with; null for others")


class StandingView(Message):
    """How the conversation stands. `unread` counts what the caller's side has not read."""

    version: int = Field(description="Grows with every change")
    is_open: bool = Field(description="Whether something may still be said")
    last_number: int
    unread: int
    read_by_student: int
    read_by_proctors: int
    hand_raised_at: datetime | None
    hand_lowered_at: datetime | None
    hand_lowered_by: Side | None


class Conversation(Message):
    """Messages after a number, in their order, and how the conversation stands."""

    items: list[MessageView]
    next_after: int | None = Field(None, description="Send it as `after` for the next ones; null at the end")
    standing: StandingView


class Delivery(Message):
    """What became of a message to one of several attempts."""

    attempt_id: UUID
    is_delivered: bool
    message: MessageView | None
    problem: str | None = Field(None, description="The problem's type", examples=["/problems/illegal_move"])
    detail: str | None = Field(None, description="Why not, in words")


class Deliveries(Message):
    """One entry for each attempt, in the order they were named."""

    items: list[Delivery]


def message_view(said: Said, reader: UUID, names: Mapping[UUID, str] | None) -> MessageView:
    """A message for a reader; without `names` nobody is named."""
    is_mine = said.author_id == reader
    return MessageView(
        message_id=said.message_id,
        number=said.number,
        role=said.side,
        is_mine=is_mine,
        text=said.text,
        at=said.at,
        author_name=None if names is None else names.get(said.author_id, ""),
        key=said.key if is_mine else None,
    )


def standing_view(standing: Standing, side: Side, *, is_open: bool) -> StandingView:
    """How it stands for one side; where nothing may be done any more, no hand is up."""
    unread = standing.unread_by_student if side is Side.STUDENT else standing.unread_by_proctors
    return StandingView(
        version=standing.version,
        is_open=is_open,
        last_number=standing.last_number,
        unread=unread,
        read_by_student=standing.read_by_student,
        read_by_proctors=standing.read_by_proctors,
        hand_raised_at=standing.hand_raised_at if is_open else None,
        hand_lowered_at=standing.hand_lowered_at,
        hand_lowered_by=standing.hand_lowered_by,
    )


def last_of(messages: Sequence[Said], limit: int) -> int | None:
    """Where the next page begins, when this one is full."""
    return messages[-1].number if len(messages) == limit else None
