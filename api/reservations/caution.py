"""What an author is told at publishing although it keeps nobody from it: an exam that ends with its slots."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, SerializerFunctionWrapHandler, model_serializer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.tables.reservations import SlotRow
from schema.exam import Exam
from schema.given.fit import missing_time
from schema.given.time import in_words

CAPPED = (
    "this exam ends with its slot: who begins late, is paused, or has extra time that does not fit loses what is "
    "after the slot's end, and nobody can add time beyond it; an administrator can lift that end for one attempt"
)


class Caution(BaseModel):
    """Something to know before students book: of the exam, or of one of its slots."""

    what: str = Field(examples=["ends_with_slot", "slot_too_short"])
    said: str
    slot_id: UUID | None = None
    starts_at: datetime | None = None
    missing: timedelta | None = Field(
        None, description="How much of the exam's time does not fit into the slot"
    )


class PublishedExam(Exam):
    """The exam as it is offered now, and what its author should know of it, where there is something."""

    cautions: tuple[Caution, ...] = ()

    @model_serializer(mode="wrap")
    def _without_empty_cautions(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Where there is nothing to say it is the exam itself, as it is read back."""
        said: dict[str, Any] = serialise(self)
        return said if self.cautions else {name: said[name] for name in said if name != "cautions"}


async def with_cautions(session: AsyncSession, exam: Exam, now: datetime) -> PublishedExam:
    """The exam with what is to be said of its cap and of each slot to come that is too short."""
    return PublishedExam(**dict(exam), cautions=tuple(await _cautions(session, exam, now)))


async def _cautions(session: AsyncSession, exam: Exam, now: datetime) -> list[Caution]:
    if not exam.policy.cap_at_slot_end:
        return []
    slots = select(SlotRow).where(SlotRow.exam_id == exam.exam_id, SlotRow.ends_at > now)
    found = [Caution(what="ends_with_slot", said=CAPPED)]
    for slot in await session.scalars(slots.order_by(SlotRow.starts_at)):
        missing = missing_time(exam.policy, Decimal(1), slot.starts_at, slot.ends_at)
        if missing is not None:
            said = f"one of its slots is {in_words(missing)} shorter than the exam: nobody in it has the whole time"
            found.append(
                Caution(
                    what="slot_too_short",
                    said=said,
                    slot_id=slot.slot_id,
                    starts_at=slot.starts_at,
                    missing=missing,
                )
            )
    return found
