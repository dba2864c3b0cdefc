"""What authors and admins have to do now: exams that lack something before they begin, and attempts that wait."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import ColumnElement, func, select, true

from api.context import Context, ContextOf
from api.security import require
from api.token import CurrentPerson
from schema.attempt import Phase
from schema.db.tables.reservations import AttemptRow, ExamRow, SlotRow
from schema.model import Message
from schema.outcome import INTEGRITY, Marking, Release
from schema.role import Role

MOST_EXAMS = 200

router = APIRouter(prefix="/desk")

Author = Annotated[CurrentPerson, require(Role.AUTHOR)]
Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


class ExamNeed(StrEnum):
    """What an exam lacks before students can sit it."""

    PUBLICATION = "publication"  # a slot comes, but the exam is not published
    SLOT = "slot"  # published, and there was never a slot
    FINISHING = "finishing"  # a draft
    NOTHING = "nothing"  # published, and a slot comes


class ExamAtDesk(Message):
    """One of the author's exams, with its next slot where one comes."""

    exam_id: UUID
    title: str
    need: ExamNeed
    starts_at: datetime | None
    ends_at: datetime | None
    seats: int
    seats_taken: int
    updated_at: datetime


class AuthorDesk(Message):
    """What lacks something and comes soonest is first; exams that are over are not among them."""

    exams: list[ExamAtDesk]


class AdminDesk(Message):
    """How many attempts wait for an admin."""

    on_hold: int = Field(description="Of these nothing is deleted")
    escalated: int = Field(description="Waiting to be let in for so long that proctors did not see to it")
    stopped: int = Field(description="Stopped by a proctor; they may be reactivated or will be handed in")
    unreleased: int = Field(description="Marked and judged, and the result is not released yet")


@router.get("/author", summary="What authors have to do now")
async def show_author_desk(person: Author, context: ContextOf) -> AuthorDesk:
    """One's own exams that are drafts, lack a slot or publication, or come next."""
    now = context.now()
    exams, slots, known = await _own(context, person, now)
    shown = [_at_desk(exam, slots.get(exam.exam_id), exam.exam_id in known) for exam in exams]
    wanted = [one for one in shown if one is not None]
    return AuthorDesk(exams=sorted(wanted, key=_urgency))


@router.get("/admin", summary="Attempts that wait for an admin")
async def show_admin_desk(person: Admin, context: ContextOf) -> AdminDesk:
    """Counts of the organisation's attempts; each is a filter of the search."""
    row = AttemptRow
    settled = [state.value for state in INTEGRITY.final]
    wanted: dict[str, Sequence[ColumnElement[bool]]] = {
        "on_hold": (row.is_on_hold == true(),),
        "escalated": (row.phase == Phase.AWAITING_ADMISSION.value, row.admission_escalated.is_(True)),
        "stopped": (row.phase == Phase.TERMINATED.value,),
        "unreleased": (
            row.phase == Phase.SUBMITTED.value,
            row.release == Release.WITHHELD.value,
            row.marking == Marking.MARKED.value,
            row.integrity.in_(settled),
        ),
    }
    mine = row.organisation_id == person.organisation_id
    async with context.databases.reservations.read() as session:
        counts = {
            name: await session.scalar(select(func.count()).select_from(row).where(mine, *conditions)) or 0
            for name, conditions in wanted.items()
        }
    return AdminDesk(**counts)


async def _own(
    context: Context, person: CurrentPerson, now: datetime
) -> tuple[Sequence[ExamRow], dict[UUID, SlotRow], set[UUID]]:
    """The author's newest exams, the next or present slot of each, and which of them have had any slot."""
    query = select(ExamRow).where(
        ExamRow.author_id == person.person_id, ExamRow.organisation_id == person.organisation_id
    )
    async with context.databases.reservations.read() as session:
        exams = (await session.scalars(query.order_by(ExamRow.updated_at.desc()).limit(MOST_EXAMS))).all()
        theirs = SlotRow.exam_id.in_([exam.exam_id for exam in exams])
        ahead = select(SlotRow).where(theirs, SlotRow.ends_at > now).order_by(SlotRow.starts_at.desc())
        slots = {slot.exam_id: slot for slot in await session.scalars(ahead)}  # the soonest comes last
        known = set(await session.scalars(select(SlotRow.exam_id).where(theirs).distinct()))
    return exams, slots, known


def _at_desk(exam: ExamRow, slot: SlotRow | None, had_slots: bool) -> ExamAtDesk | None:
    need = _need(exam, slot, had_slots)
    if need is None:
        return None
    return ExamAtDesk(
        exam_id=exam.exam_id,
        title=exam.title,
        need=need,
        starts_at=slot.starts_at if slot else None,
        ends_at=slot.ends_at if slot else None,
        seats=slot.seats if slot else 0,
        seats_taken=slot.seats_taken if slot else 0,
        updated_at=exam.updated_at,
    )


def _need(exam: ExamRow, slot: SlotRow | None, had_slots: bool) -> ExamNeed | None:
    """None for an exam that is over."""
    if exam.offered_version is None:
        return ExamNeed.PUBLICATION if slot else ExamNeed.FINISHING
    if slot:
        return ExamNeed.NOTHING
    return None if had_slots else ExamNeed.SLOT


def _urgency(exam: ExamAtDesk) -> tuple[int, float]:
    place = list(ExamNeed).index(exam.need)
    return place, exam.starts_at.timestamp() if exam.starts_at else -exam.updated_at.timestamp()
