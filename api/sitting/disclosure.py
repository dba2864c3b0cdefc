"""Whether right answers are shown to a student now: read from slots, sittings and versions each time it is asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.sitting import further_sittings, past_sittings
from api.context import Context
from schema.attempt import OPEN_PHASES
from schema.db.tables.reservations import AttemptRow, ExamRow, ExamVersion, SlotRow
from schema.exam import Exam
from schema.reservation import bookable_until
from schema.sitting.disclosure import Ahead, Disclosure, disclosure_of

_IS_OPEN = AttemptRow.phase.in_([phase.value for phase in OPEN_PHASES])


@dataclass(frozen=True, slots=True)
class Sat:
    """The attempt whose result is looked at."""

    attempt_id: UUID
    student_id: UUID
    exam_id: UUID


async def right_answers(context: Context, sat: Sat, exam: Exam) -> tuple[Disclosure, datetime | None]:
    """What its student is shown, and when the last slot ends where that is waited for. `exam` is the version sat."""
    now = context.now()
    async with context.databases.reservations.read() as session:
        offered = await offered_exam(session, sat.exam_id)
        others, ends_at = await _others_to_come(session, sat, exam, offered, now)
        ahead = Ahead(await _may_sit_again(session, sat, offered, now), others, ends_at)
    shown = disclosure_of(exam.policy.right_answers, ahead)
    return shown, ends_at if shown is Disclosure.AFTER_LAST_SLOT else None


async def offered_exam(session: AsyncSession, exam_id: UUID) -> Exam | None:
    """The version that can be booked; None where none can."""
    row = await session.get(ExamRow, exam_id)
    if row is None or row.offered_version is None:
        return None
    version = await session.get_one(ExamVersion, (exam_id, row.offered_version))
    return Exam.model_validate(version.content)


async def _may_sit_again(session: AsyncSession, sat: Sat, offered: Exam | None, now: datetime) -> bool:
    """An attempt that is not over, or a sitting that is left and a slot for it."""
    own = (
        AttemptRow.student_id == sat.student_id,
        AttemptRow.exam_id == sat.exam_id,
        AttemptRow.attempt_id != sat.attempt_id,
    )
    if await session.scalar(select(AttemptRow.attempt_id).where(*own, _IS_OPEN).limit(1)) is not None:
        return True
    if offered is None:
        return False
    allowed = offered.policy.attempts_allowed + await further_sittings(session, sat.student_id, sat.exam_id)
    if len(await past_sittings(session, sat.student_id, sat.exam_id)) >= allowed:
        return False
    slots = await session.scalars(
        select(SlotRow).where(SlotRow.exam_id == sat.exam_id, SlotRow.ends_at > now)
    )
    return any(now < bookable_until(slot.starts_at, slot.ends_at, offered.policy) for slot in slots)


async def _others_to_come(
    session: AsyncSession, sat: Sat, exam: Exam, offered: Exam | None, now: datetime
) -> tuple[bool, datetime | None]:
    """A slot in which these questions are asked is not over, or somebody who has them ahead is not."""
    is_offered = offered is not None and not _ids(exam).isdisjoint(_ids(offered))
    ends = []
    if is_offered:
        ends.append(
            await session.scalar(select(func.max(SlotRow.ends_at)).where(SlotRow.exam_id == sat.exam_id))
        )
    versions = {exam.version, *([offered.version] if offered is not None and is_offered else [])}
    ahead = (
        select(func.count(), func.max(SlotRow.ends_at))
        .select_from(AttemptRow)
        .outerjoin(SlotRow, SlotRow.slot_id == AttemptRow.slot_id)
        .where(
            AttemptRow.exam_id == sat.exam_id,
            AttemptRow.exam_version.in_(versions),
            AttemptRow.attempt_id != sat.attempt_id,
            _IS_OPEN,
        )
    )
    count, last = (await session.execute(ahead)).one()
    coming = [at for at in (*ends, last) if at is not None and at > now]
    return bool(count or coming), max(coming, default=None)


def _ids(exam: Exam) -> set[UUID]:
    return {question.question_id for question in exam.questions}
