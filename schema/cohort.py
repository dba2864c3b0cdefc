"""One act on many attempts: what is asked, of whom, and how each of them acknowledged it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from schema import lifecycle as m
from schema.aftermath.late import AcceptLate
from schema.aftermath.reopen import Reopen
from schema.exam import CheckInStep
from schema.given.command import LiftCap
from schema.model import Message, State

# An act is meant for the moment at which it is asked: later it may undo what people have done about it since.
START_WITHIN = timedelta(minutes=15)
# A start that was sent at the last moment has arrived by then, whatever the clocks of two machines say.
GIVE_UP_AFTER = START_WITHIN + timedelta(minutes=1)


class CohortVerb(StrEnum):
    """What can be done to many attempts at once; `update_of` names the attempt's update."""

    ADMIT = "admit"
    SEND_BACK = "send_back"
    REFUSE = "refuse"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    SUBMIT = "submit"
    TERMINATE = "terminate"
    REACTIVATE = "reactivate"
    VOID = "void"
    LIFT_CAP = "lift_cap"
    ACCEPT_LATE = "accept_late"
    REOPEN = "reopen"
    RELEASE = "release"


# Where the update has another name than the verb.
UPDATES = {CohortVerb.RELEASE: "release_result"}

COMMANDS: dict[CohortVerb, type[m.Command]] = {
    CohortVerb.ADMIT: m.Admit,
    CohortVerb.SEND_BACK: m.SendBack,
    CohortVerb.REFUSE: m.Refuse,
    CohortVerb.EXTEND: m.Extend,
    CohortVerb.PAUSE: m.Pause,
    CohortVerb.RESUME: m.Resume,
    CohortVerb.SUBMIT: m.Submit,
    CohortVerb.TERMINATE: m.Terminate,
    CohortVerb.REACTIVATE: m.Reactivate,
    CohortVerb.VOID: m.Void,
    CohortVerb.LIFT_CAP: LiftCap,
    CohortVerb.ACCEPT_LATE: AcceptLate,
    CohortVerb.REOPEN: Reopen,
    CohortVerb.RELEASE: m.ReleaseResult,
}


class Operation(Message):
    """What somebody asked of many attempts of one exam. The reason stays here: workflows carry only the id."""

    operation_id: UUID
    organisation_id: UUID
    exam_id: UUID
    verb: CohortVerb
    actor: m.Actor
    by: timedelta | None = None  # how much, of EXTEND and REOPEN; how late at most, of ACCEPT_LATE
    step: CheckInStep | None = None  # of SEND_BACK
    reason: str = ""


def update_of(verb: CohortVerb) -> str:
    """The name of the attempt's update."""
    return UPDATES.get(verb, verb.value)


def command_of(operation: Operation, attempt_id: UUID) -> m.Command:
    """The command to one attempt; its id makes every retry the same one."""
    command = COMMANDS[operation.verb]
    said: dict[str, Any] = {
        "by": operation.by,
        "within": operation.by,
        "time": operation.by,
        "step": operation.step,
        "reason": operation.reason,
    }
    fields = {name: value for name, value in said.items() if name in command.model_fields}
    return command(operation_id=f"{operation.operation_id}:{attempt_id}", actor=operation.actor, **fields)


class Acknowledgement(StrEnum):
    """How an attempt answered."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    UNANSWERED = "unanswered"  # nobody knows whether it took place; look at the attempt


class Acknowledged(Message):
    """One attempt's answer. `type` and `why` tell of a refusal, as a problem document would, or why less was done."""

    operation_id: UUID
    attempt_id: UUID
    state: Acknowledgement
    type: str = ""
    why: str = ""


class AskOne(Message):
    """Let one attempt have its command."""

    operation_id: UUID
    attempt_id: UUID


class NextAttempts(Message):
    """The attempts of an operation after a number, at most `limit`."""

    operation_id: UUID
    after: int
    limit: int


class AttemptBatch(Message):
    """Attempts in the order of their numbers; `last` is the number of the last one. Empty at the end."""

    attempt_ids: tuple[UUID, ...] = ()
    last: int = 0


class Unfinished(Message):
    """An operation that is written and not over, and when it was asked; `is_begun` once somebody has answered."""

    operation_id: UUID
    exam_id: UUID
    verb: CohortVerb
    total: int
    created_at: datetime
    is_begun: bool = False


class Standing(StrEnum):
    """What Temporal knows of an operation's workflow."""

    ABSENT = "absent"
    RUNNING = "running"
    CLOSED = "closed"


class CohortProgress(State):
    """How far an operation is. `after` is the number of the attempts that are worked off."""

    after: int = 0
    done: int = 0
    refused: int = 0
    unanswered: int = 0


class CohortInput(Message):
    """What a CohortWorkflow is started with; `resumed` carries the progress into a run that continues another."""

    operation_id: UUID
    exam_id: UUID
    verb: CohortVerb
    total: int
    batch: int = 200  # attempts between two chances to begin a new run
    resumed: CohortProgress | None = None
