"""What corrections must know of an attempt: whose it is, which version of the exam, and where it stands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from activities.adapters.sql.window_fence import FinalRow
from api.context import Context
from api.serving import Seen
from api.standing import current_view
from api.token import CurrentPerson
from schema.attempt import Phase
from schema.db.tables.reservations import AttemptRow
from schema.failures import Failure, FailureType
from schema.outcome import Integrity, Marking, Release


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """An attempt as the read model has it."""

    attempt_id: UUID
    organisation_id: UUID
    exam_id: UUID
    exam_version: int
    student_id: UUID
    seed: int
    phase: Phase
    marking: Marking
    integrity: Integrity
    release: Release
    version: int = 0
    submitted_at: datetime | None = None

    @property
    def final_row(self) -> FinalRow:
        """As the window must not contradict it once the phase is final."""
        is_marked = self.marking is not Marking.PENDING
        return FinalRow(self.attempt_id, self.version, self.phase, self.submitted_at, is_marked)


async def attempt_facts(context: Context, attempt_id: UUID, person: CurrentPerson) -> AttemptFacts:
    """An attempt of the person's organisation. Raises NOT_FOUND."""
    async with context.databases.reservations.read() as session:
        row = await session.get(AttemptRow, attempt_id)
    if row is None or row.organisation_id != person.organisation_id:
        raise unknown_attempt(attempt_id)
    return AttemptFacts(
        attempt_id=row.attempt_id,
        organisation_id=row.organisation_id,
        exam_id=row.exam_id,
        exam_version=row.exam_version,
        student_id=row.student_id,
        seed=row.seed,
        phase=Phase(row.phase),
        marking=Marking(row.marking),
        integrity=Integrity(row.integrity),
        release=Release(row.release),
        version=row.version,
        submitted_at=row.submitted_at,
    )


async def own_attempt(context: Context, attempt_id: UUID, person: CurrentPerson) -> AttemptFacts:
    """The person's own attempt. Raises NOT_FOUND, also for another student's."""
    facts = await attempt_facts(context, attempt_id, person)
    if facts.student_id != person.person_id:
        raise unknown_attempt(attempt_id)
    context.kept(Seen).note(attempt_id)
    return facts


def unknown_attempt(attempt_id: UUID) -> Failure:
    """Nobody learns which attempts others have."""
    return Failure(
        FailureType.NOT_FOUND, "there is no such attempt; go back and choose it again", attempt_id=attempt_id
    )


async def is_written_now(context: Context, facts: AttemptFacts) -> bool:
    """Whether it is in progress, by the workflow's word: the read model may lag a moment behind a start."""
    view = await current_view(context, facts.attempt_id)
    return view.phase is Phase.IN_PROGRESS
