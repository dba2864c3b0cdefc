"""How an attempt stands by its read model, for requests whose workflow does not run any more."""

from uuid import UUID

from activities.adapters.temporal_failure import NotRunning
from api.context import Context
from api.workflow import Workflows
from schema.attempt import Phase
from schema.db.tables.reservations import AttemptRow, AttemptSnapshot
from schema.exam import CheckInStep
from schema.failures import Failure, FailureType
from schema.ids import attempt_workflow_id
from schema.lifecycle import AttemptView
from schema.orphan import WorkflowStanding, is_over
from schema.outcome import Integrity, Marking, Release

REPAIRED_WITHIN = 60  # seconds: one look of the sweep finds it, the next one repairs it

LOST = (
    "the platform lost the process of {what} and is bringing it back with everything that was saved; "
    "send the same request again in a minute"
)


def view_of(row: AttemptRow) -> AttemptView:
    """The attempt as its workflow showed it last."""
    return AttemptView(
        attempt_id=row.attempt_id,
        exam_id=row.exam_id,
        student_id=row.student_id,
        slot_id=row.slot_id,
        phase=Phase(row.phase),
        marking=Marking(row.marking),
        integrity=Integrity(row.integrity),
        release=Release(row.release),
        version=row.version,
        hold_until=row.hold_until,
        deadline_at=row.deadline_at,
        clock_version=row.clock_version,
        checks_done=tuple(CheckInStep(step) for step in row.checks_done.get("steps", [])),
        send_back_reason=row.checks_done.get("send_back_reason", ""),
        student_is_back=row.student_is_back,
        may_resume=row.may_resume,
        submitted_at=row.submitted_at,
    )


def is_row_over(row: AttemptRow) -> bool:
    """Whether the attempt has come to its end, so that its workflow is rightly gone."""
    return is_over(Phase(row.phase), Release(row.release))


def lost(what: str = "this attempt") -> Failure:
    """Something that goes on has no workflow: nobody is told that it is over."""
    return Failure(FailureType.UNAVAILABLE, LOST.format(what=what), retry_after=REPAIRED_WITHIN)


async def current_view(context: Context, attempt_id: UUID) -> AttemptView:
    """The workflow's own word, or the row's once the attempt is over. Raises UNAVAILABLE."""
    try:
        return await Workflows(context.temporal).query(attempt_workflow_id(attempt_id), "view", AttemptView)
    except NotRunning:
        row = await _row(context, attempt_id)
        if row is None or not is_row_over(row):
            raise lost() from None
        return view_of(row)


async def answer_without_workflow(
    context: Context, attempt_id: UUID, operation_id: str, refusal: NotRunning
) -> AttemptView:
    """A command whose workflow does not run: the attempt, if it was applied. Raises the refusal, or UNAVAILABLE."""
    async with context.databases.reservations.read() as session:
        row = await session.get(AttemptRow, attempt_id)
        known = await session.get(AttemptSnapshot, attempt_id)
    if row is not None and known is not None and operation_id in known.content["resumed"]["applied"]:
        return view_of(row)
    if row is None or not is_row_over(row):
        raise lost() from refusal
    raise refusal


async def _row(context: Context, attempt_id: UUID) -> AttemptRow | None:
    async with context.databases.reservations.read() as session:
        return await session.get(AttemptRow, attempt_id)


async def is_put_back(context: Context, attempt_id: UUID) -> bool:
    """Whether the workflow knows less than is written: what it refuses then may be possible all the same."""
    async with context.databases.reservations.read() as session:
        row = await session.get(AttemptRow, attempt_id)
        known = await session.get(AttemptSnapshot, attempt_id)
    if row is None or known is None:
        return False
    try:
        told = await Workflows(context.temporal).query(
            attempt_workflow_id(attempt_id), "standing", WorkflowStanding
        )
    except Failure:
        return False
    return (told.generation, told.version) < (known.generation, row.version)
