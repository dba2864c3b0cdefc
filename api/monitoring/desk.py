"""What proctors have to do now: the slots that run or come next, with who waits and what nobody has seen."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from activities.adapters.sql.waiting import SqlWaitingBook
from api.context import Context, ContextOf
from api.monitoring.wall import WATCHED_PHASES
from api.security import require
from api.token import CurrentPerson
from schema.attempt import Phase
from schema.db.tables.monitoring import ConversationRow, IncidentRow
from schema.db.tables.reservations import AttemptRow, ExamRow, SlotRow
from schema.incident import Severity
from schema.lag.age import LATE_AFTER
from schema.role import Role

MOST_SLOTS = 50

router = APIRouter()


class SlotAtDesk(BaseModel):
    """A slot with the numbers that tell where somebody is needed."""

    slot_id: UUID
    exam_id: UUID
    exam_title: str
    starts_at: datetime
    ends_at: datetime
    booked: int = Field(description="Students who hold a seat and are not done")
    waiting: int = Field(description="Checked in and waiting to be let in")
    writing: int = Field(description="In progress or paused")
    hands: int = Field(description="Raised, and not yet lowered")
    unseen: int = Field(description="Critical incidents that nobody has acknowledged")
    behind: int = Field(0, description="Attempts whose analysis is behind: their incidents come late")
    behind_seconds: float = Field(0.0, description="Age of the oldest record of them that is not analysed")


class Desk(BaseModel):
    """Slots by their beginning; those that run come first."""

    slots: list[SlotAtDesk]


@router.get("/desk", summary="What proctors have to do now")
async def show_desk(context: ContextOf, watcher: CurrentPerson = require(Role.PROCTOR, Role.ADMIN)) -> Desk:
    """The organisation's slots that run or come next, the soonest fifty."""
    slots = await _slots(context, watcher.organisation_id)
    attempts = await _attempts(context, [slot.slot_id for slot, _ in slots], watcher)
    phases = Counter((slot_id, phase) for slot_id, phase in attempts.values())
    here = {each: slot_id for each, (slot_id, phase) in attempts.items() if phase in WATCHED_PHASES}
    hands = Counter(here[each] for each in await _raising_hands(context, here))
    unseen = Counter(here[each] for each in await _unseen(context, here))
    late = await _late(context, [slot.slot_id for slot, _ in slots])
    return Desk(
        slots=[
            _at_desk(
                slot, title, phases, hands[slot.slot_id], unseen[slot.slot_id], late.get(slot.slot_id, [])
            )
            for slot, title in slots
        ]
    )


async def _late(context: Context, slots: Sequence[UUID]) -> dict[UUID, list[float]]:
    """By slot, how far the analysis of attempts is behind that is, of those handed in too."""
    lags = await SqlWaitingBook(context.databases.monitoring).lags(context.now())
    late = {attempt_id: lag for attempt_id, lag in lags.items() if lag > LATE_AFTER}
    found: dict[UUID, list[float]] = {}
    if not late:
        return found
    row = AttemptRow
    of_slots = row.attempt_id.in_(late), row.slot_id.in_(slots)
    async with context.databases.reservations.read() as session:
        for attempt_id, slot_id in await session.execute(
            select(row.attempt_id, row.slot_id).where(*of_slots)
        ):
            found.setdefault(slot_id, []).append(round(late[attempt_id].total_seconds(), 1))
    return found


async def _slots(context: Context, organisation_id: UUID) -> list[tuple[SlotRow, str]]:
    query = (
        select(SlotRow, ExamRow.title)
        .join(ExamRow, ExamRow.exam_id == SlotRow.exam_id)
        .where(ExamRow.organisation_id == organisation_id, SlotRow.ends_at > context.now())
        .order_by(SlotRow.starts_at, SlotRow.slot_id)
        .limit(MOST_SLOTS)
    )
    async with context.databases.reservations.read() as session:
        return [(slot, title) for slot, title in await session.execute(query)]


async def _attempts(
    context: Context, slots: Sequence[UUID], watcher: CurrentPerson
) -> dict[UUID, tuple[UUID, str]]:
    """Slot and phase of each attempt that is not over and not the watcher's own."""
    row = AttemptRow
    query = select(row.attempt_id, row.slot_id, row.phase).where(
        row.slot_id.in_(slots),
        row.student_id != watcher.person_id,
        row.phase.in_((Phase.RESERVED, *WATCHED_PHASES)),
    )
    async with context.databases.reservations.read() as session:
        found = await session.execute(query)
        return {attempt_id: (slot_id, phase) for attempt_id, slot_id, phase in found}


async def _unseen(context: Context, attempts: Collection[UUID]) -> Sequence[UUID]:
    """The attempt of each critical incident that nobody has acknowledged."""
    query = select(IncidentRow.attempt_id).where(
        IncidentRow.attempt_id.in_(attempts),
        IncidentRow.severity == Severity.CRITICAL,
        IncidentRow.acknowledged_by.is_(None),
    )
    async with context.databases.monitoring.read() as session:
        return (await session.scalars(query)).all()


async def _raising_hands(context: Context, attempts: Collection[UUID]) -> Sequence[UUID]:
    row = ConversationRow
    query = select(row.attempt_id).where(row.attempt_id.in_(attempts), row.hand_raised_at.is_not(None))
    async with context.databases.monitoring.read() as session:
        return (await session.scalars(query)).all()


def _at_desk(
    slot: SlotRow, title: str, phases: Counter[tuple[UUID, str]], hands: int, unseen: int, late: list[float]
) -> SlotAtDesk:
    def number(*wanted: Phase) -> int:
        return sum(phases[slot.slot_id, phase.value] for phase in wanted)

    return SlotAtDesk(
        slot_id=slot.slot_id,
        exam_id=slot.exam_id,
        exam_title=title,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        booked=number(Phase.RESERVED, *WATCHED_PHASES),
        waiting=number(Phase.AWAITING_ADMISSION),
        writing=number(Phase.IN_PROGRESS, Phase.PAUSED),
        hands=hands,
        unseen=unseen,
        behind=len(late),
        behind_seconds=max(late, default=0.0),
    )
