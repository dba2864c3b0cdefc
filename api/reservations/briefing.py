"""What a student has to know before an exam: when what is possible, what is watched, how long it is kept."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.exam_catalog import SqlExamCatalog
from api.access.blind import refuse_blind
from api.context import ContextOf
from api.reservations.access import READERS, find_attempt
from api.security import require
from api.token import CurrentPerson
from schema.attempt import Phase, Verb
from schema.db.tables.reservations import AttemptMove, AttemptRow, AttemptSnapshot, SlotRow
from schema.exam import Admission, CheckInStep, Exam
from schema.incident import IncidentKind
from schema.lifecycle import AttemptInput
from schema.model import Message
from schema.outage.wait import no_show_at
from schema.sitting.rule import Counting, RightAnswers

router = APIRouter(prefix="/attempts")

Reader = Annotated[CurrentPerson, require(*READERS)]
# Watched always; what an exam adds is in its policy.
_WHERE_ASKED = {IncidentKind.LOOKING_AWAY, IncidentKind.SCREEN_SHARE_ENDED, IncidentKind.OTHER_PERSON}
ALWAYS_WATCHED = tuple(kind for kind in IncidentKind if kind not in _WHERE_ASKED)


class Kept(Message):
    """How long each class of data is kept after the attempt is over."""

    media: timedelta
    features: timedelta
    decision_log: timedelta


class Briefing(Message):
    """The rules of one attempt, as they were frozen when it was reserved."""

    exam_title: str
    starts_at: datetime
    ends_at: datetime
    duration: timedelta = Field(description="Without extra time that the person may have")
    questions: int
    points: str
    check_in_opens_at: datetime
    no_show_at: datetime
    cancel_until: datetime
    check_in_steps: list[CheckInStep]
    microphone: bool = Field(description="Tried out at check-in; sound is never sent or kept")
    admission: Admission
    admission_escalates_after: timedelta = Field(
        description="How long one waits for admission before the admins are told"
    )
    place_in_queue: int | None = Field(description="1 is next; null for who does not wait for admission")
    watched: list[IncidentKind]
    faces_compared_because: str = Field(
        "", description="The legal basis, where faces are compared with the identity photo; else empty"
    )
    forbidden: list[str]
    frame_interval: timedelta = Field(description="How often a picture is taken while one writes")
    screen_interval: timedelta | None = Field(
        description="How often a picture of the whole screen is taken; null where it is not shared"
    )
    keeps_recording: bool = Field(description="The pictures are also kept as a video")
    kept: Kept
    appeal_window: timedelta
    attempts_allowed: int = Field(description="Sittings that a student may start, further ones not included")
    counts: Counting
    right_answers: RightAnswers


@router.get("/{attempt_id}/briefing", summary="What to know before the exam")
async def brief(attempt_id: UUID, person: Reader, context: ContextOf) -> Briefing:
    """For the student, and for those who look after the attempt."""
    async with context.databases.reservations.read() as session:
        row = await find_attempt(session, attempt_id, person)
        await refuse_blind(context, attempt_id, person)
        slot = await session.get_one(SlotRow, row.slot_id)
        place = await _place(session, row)
        known = await session.get(AttemptSnapshot, attempt_id)
    exam = await SqlExamCatalog(context.databases.reservations).exam(row.exam_id, row.exam_version)
    briefing = _briefing(exam, slot, place)
    return briefing.model_copy(update={"no_show_at": _no_show_at(known) or briefing.no_show_at})


def _no_show_at(known: AttemptSnapshot | None) -> datetime | None:
    """As the workflow has it: an outage makes it later, and so does an admission that came late."""
    attempt = AttemptInput.model_validate(known.content) if known is not None else None
    return None if attempt is None or attempt.resumed is None else no_show_at(attempt, attempt.resumed)


async def _place(session: AsyncSession, row: AttemptRow) -> int | None:
    """Who completed the check-in first is first."""
    if row.phase != Phase.AWAITING_ADMISSION:
        return None
    waiting = (
        select(AttemptRow.attempt_id)
        .join(AttemptMove, AttemptMove.attempt_id == AttemptRow.attempt_id)
        .where(
            AttemptRow.slot_id == row.slot_id,
            AttemptRow.phase == Phase.AWAITING_ADMISSION.value,
            AttemptMove.verb == Verb.COMPLETE_CHECK_IN.value,
        )
        .group_by(AttemptRow.attempt_id)
        .order_by(func.max(AttemptMove.at), AttemptRow.attempt_id)
    )
    queue = list(await session.scalars(waiting))
    return queue.index(row.attempt_id) + 1 if row.attempt_id in queue else None


def _briefing(exam: Exam, slot: SlotRow, place: int | None) -> Briefing:
    policy = exam.policy
    watched: list[IncidentKind] = [*ALWAYS_WATCHED]
    if policy.detection.looking_away:
        watched.append(IncidentKind.LOOKING_AWAY)
    if policy.detection.screen_share:
        watched.append(IncidentKind.SCREEN_SHARE_ENDED)
    if policy.detection.other_person:
        watched.append(IncidentKind.OTHER_PERSON)
    return Briefing(
        exam_title=exam.title,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        duration=policy.duration,
        questions=len(exam.questions),
        points=str(exam.points),
        check_in_opens_at=slot.starts_at - policy.check_in_opens,
        no_show_at=slot.starts_at + policy.no_show_after,
        cancel_until=slot.starts_at - policy.cancel_cut_off,
        check_in_steps=list(policy.check_in_steps),
        microphone=policy.microphone,
        admission=policy.admission,
        admission_escalates_after=policy.admission_escalates_after,
        place_in_queue=place,
        watched=watched,
        faces_compared_because=policy.detection.other_person_basis if policy.detection.other_person else "",
        forbidden=list(policy.detection.forbidden),
        frame_interval=policy.frame_interval,
        screen_interval=policy.detection.screen_interval_asked,
        keeps_recording=policy.keeps_recording,
        kept=Kept(**policy.retention.model_dump()),
        appeal_window=policy.appeal_window,
        attempts_allowed=policy.attempts_allowed,
        counts=policy.counts,
        right_answers=policy.right_answers,
    )
