"""What the in-memory twins of `_corrections` share: windows, answers, marks and reviews."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from activities.adapters.memory.outbox import MemoryOutbox
from schema.events import Source
from schema.grading import Answer, AnswerValue, ItemMark
from schema.lifecycle import WindowProjection
from schema.review import ReviewState

Revision = tuple[UUID, UUID, int, int]  # attempt, question, epoch, revision


@dataclass(slots=True)
class MemoryItem:
    """A mark, how long its question took, and the answer that was marked."""

    mark: ItemMark
    seconds: int
    answer: AnswerValue | None = None


@dataclass(slots=True)
class MemoryCorrections:
    """One schema `_corrections`."""

    windows: dict[UUID, WindowProjection] = field(default_factory=dict)
    sealed: set[UUID] = field(default_factory=set)
    epochs: dict[UUID, int] = field(default_factory=dict)
    answers: dict[tuple[UUID, UUID], Answer] = field(default_factory=dict)
    seconds: dict[tuple[UUID, UUID], int] = field(default_factory=dict)
    late: dict[Revision, Answer] = field(default_factory=dict)
    accepted: dict[Revision, datetime] = field(default_factory=dict)
    rounds: dict[tuple[UUID, int], dict[UUID, MemoryItem]] = field(default_factory=dict)
    percents: dict[UUID, Decimal] = field(default_factory=dict)  # of the newest complete round
    reviews: dict[UUID, ReviewState] = field(default_factory=dict)
    outbox: MemoryOutbox = field(default_factory=lambda: MemoryOutbox(Source.CORRECTIONS))
