"""Attempts and their workflows must agree: when a workflow may be closed, and whose word is the newer one. Pure."""

from datetime import datetime
from enum import StrEnum

from schema.attempt import FINAL_PHASES, Phase
from schema.failures import Failure, FailureType
from schema.ids import attempt_workflow_id, recording_workflow_id
from schema.lifecycle import AttemptInput, AttemptProjection, AttemptState, WindowProjection
from schema.model import Message
from schema.outcome import Release
from schema.retention import RetentionInput, kept_for

ENDED = frozenset({Release.ARCHIVED, Release.PURGED})


def is_over(phase: Phase, release: Release) -> bool:
    """Whether nothing can change at the attempt any more, so that its workflow may be closed."""
    return phase in FINAL_PHASES and (phase is not Phase.SUBMITTED or release in ENDED)


class Trouble(StrEnum):
    """What is wrong between a row and its workflow."""

    GONE = "gone"  # no workflow runs: terminated, cancelled, or lost with Temporal's store
    OLDER = "older"  # the workflow knows less than the database, or something else
    NEWER = "newer"  # the workflow knows more than the database
    OVERDUE = "overdue"  # its deadline passed more than a minute ago, and it has not closed the attempt


class Written(Message):
    """What the read model holds of an attempt: the newest version, and the state that belongs to it."""

    generation: int = 0
    version: int
    snapshot: AttemptInput | None = None


class WorkflowStanding(Message):
    """What an attempt's workflow knows, and what of it is written as far as it was told."""

    generation: int
    version: int
    written: int


class Order(StrEnum):
    """What a projection is to what is written."""

    NEXT = "next"
    KNOWN = "known"
    FORKED = "forked"  # it goes on from a past that the database has left behind


def order_of(projection: AttemptProjection, written: Written) -> Order:
    """Generations first, then versions; within one, a projection goes on from what is written or is refused.

    A workflow that its server has put back some seconds knows an older `base`, or another state under the same
    version: taking it would lose what was acknowledged in between.
    """
    if projection.generation != written.generation:
        return Order.NEXT if projection.generation > written.generation else Order.FORKED
    version = projection.view.version
    if projection.base is None or projection.snapshot is None or written.snapshot is None:
        return Order.NEXT if version >= written.version else Order.KNOWN
    if version == written.version:
        return Order.KNOWN if projection.snapshot == written.snapshot else Order.FORKED
    return Order.NEXT if version > written.version and projection.base >= written.version else Order.FORKED


def retention_input(attempt: AttemptInput, state: AttemptState, ended_at: datetime) -> RetentionInput:
    """What the keeping and deleting of an attempt's data begins with."""
    recording = (recording_workflow_id(attempt.attempt_id),) if attempt.policy.keeps_recording else ()
    return RetentionInput(
        attempt_id=attempt.attempt_id,
        organisation_id=attempt.organisation_id,
        exam_id=attempt.exam_id,
        student_id=attempt.student_id,
        policy=kept_for(attempt.policy),
        ended_at=ended_at,
        workflow_ids=(attempt_workflow_id(attempt.attempt_id), *dict.fromkeys(state.children), *recording),
    )


def forked(projection: AttemptProjection) -> Failure:
    """The refusal of a projection that would undo what is written."""
    said = (
        f"attempt {projection.view.attempt_id} went on elsewhere: version {projection.view.version} of generation "
        f"{projection.generation} is not written; the sweep starts it again from what is known"
    )
    return Failure(FailureType.CONFLICT, said)


def is_forked_window(window: WindowProjection, written: WindowProjection) -> bool:
    """Whether a window goes on from one that the database has left behind; see `order_of`."""
    if window.base is None or window.generation != written.generation:
        return window.generation < written.generation
    return window.base < written.version and window.version != written.version


def forked_window(window: WindowProjection) -> Failure:
    """The refusal of a window that would undo what is written."""
    said = (
        f"the clock of attempt {window.attempt_id} went on elsewhere: version {window.version} is not written"
    )
    return Failure(FailureType.CONFLICT, said)
