"""The attempt's state machine: phases, verbs, and who may do what when."""

from enum import StrEnum

from schema import said
from schema.machine import ActorRole, Machine, Move, actors


class Phase(StrEnum):
    """Where an attempt stands."""

    HELD = "held"
    WAITLISTED = "waitlisted"
    RESERVED = "reserved"
    CHECKING_IN = "checking_in"
    AWAITING_ADMISSION = "awaiting_admission"
    ADMITTED = "admitted"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    TERMINATED = "terminated"
    SUBMITTED = "submitted"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NO_SHOW = "no_show"
    VOIDED = "voided"


class Verb(StrEnum):
    """What can be done to an attempt."""

    CONFIRM = "confirm"
    PROMOTE = "promote"
    EXPIRE = "expire"
    CANCEL = "cancel"
    MOVE = "move"
    MARK_NO_SHOW = "mark_no_show"
    BEGIN_CHECK_IN = "begin_check_in"
    COMPLETE_CHECK_IN = "complete_check_in"
    ADMIT = "admit"
    SEND_BACK = "send_back"
    REFUSE = "refuse"
    ESCALATE = "escalate"
    START = "start"
    EXTEND = "extend"
    RETURN_TIME = "return_time"
    PAUSE = "pause"
    COME_BACK = "come_back"
    RESUME = "resume"
    SUBMIT = "submit"
    TERMINATE = "terminate"
    REACTIVATE = "reactivate"
    VOID = "void"
    LIFT_CAP = "lift_cap"
    REOPEN = "reopen"


FINAL_PHASES = frozenset({Phase.SUBMITTED, Phase.CANCELLED, Phase.EXPIRED, Phase.NO_SHOW, Phase.VOIDED})
OPEN_PHASES = frozenset(Phase) - FINAL_PHASES
# Where a timer waits for people, and the platform's silences let it stand still.
WAITING_PHASES = OPEN_PHASES - {Phase.IN_PROGRESS}
# Where time can be given: from the reservation to the end.
TIMED_PHASES = (
    Phase.RESERVED,
    Phase.CHECKING_IN,
    Phase.AWAITING_ADMISSION,
    Phase.ADMITTED,
    Phase.IN_PROGRESS,
    Phase.PAUSED,
    Phase.TERMINATED,
)
SITTING_PHASES = frozenset({Phase.IN_PROGRESS, Phase.PAUSED, Phase.TERMINATED})

_STUDENT = actors(ActorRole.STUDENT)
_PROCTOR = actors(ActorRole.PROCTOR)
_ADMIN = actors(ActorRole.ADMIN)
_SYSTEM = actors(ActorRole.SYSTEM)
_TIMER = actors(ActorRole.TIMER)

_MOVES = [
    Move(Phase.HELD, Verb.CONFIRM, Phase.RESERVED, _STUDENT),
    Move(Phase.HELD, Verb.EXPIRE, Phase.EXPIRED, _TIMER),
    Move(Phase.HELD, Verb.CANCEL, Phase.CANCELLED, _STUDENT),
    Move(Phase.WAITLISTED, Verb.PROMOTE, Phase.HELD, _SYSTEM),
    Move(Phase.WAITLISTED, Verb.EXPIRE, Phase.EXPIRED, _TIMER),
    Move(Phase.WAITLISTED, Verb.CANCEL, Phase.CANCELLED, _STUDENT),
    Move(Phase.RESERVED, Verb.MOVE, Phase.RESERVED, _STUDENT),
    Move(Phase.RESERVED, Verb.CANCEL, Phase.CANCELLED, _STUDENT | _ADMIN),
    Move(Phase.RESERVED, Verb.MARK_NO_SHOW, Phase.NO_SHOW, _TIMER),
    Move(Phase.RESERVED, Verb.BEGIN_CHECK_IN, Phase.CHECKING_IN, _STUDENT),
    Move(Phase.CHECKING_IN, Verb.COMPLETE_CHECK_IN, Phase.AWAITING_ADMISSION, _STUDENT),
    Move(Phase.CHECKING_IN, Verb.MARK_NO_SHOW, Phase.NO_SHOW, _TIMER),
    Move(Phase.AWAITING_ADMISSION, Verb.ADMIT, Phase.ADMITTED, _PROCTOR | _SYSTEM),
    Move(Phase.AWAITING_ADMISSION, Verb.SEND_BACK, Phase.CHECKING_IN, _PROCTOR),
    Move(Phase.AWAITING_ADMISSION, Verb.REFUSE, Phase.VOIDED, _PROCTOR),
    Move(Phase.AWAITING_ADMISSION, Verb.ESCALATE, Phase.AWAITING_ADMISSION, _TIMER),
    Move(Phase.ADMITTED, Verb.START, Phase.IN_PROGRESS, _STUDENT),
    Move(Phase.ADMITTED, Verb.MARK_NO_SHOW, Phase.NO_SHOW, _TIMER),
    *(Move(phase, Verb.RETURN_TIME, phase, _SYSTEM) for phase in Phase if phase in OPEN_PHASES),
    Move(Phase.IN_PROGRESS, Verb.PAUSE, Phase.PAUSED, _PROCTOR | _SYSTEM),
    Move(Phase.IN_PROGRESS, Verb.SUBMIT, Phase.SUBMITTED, _STUDENT | _TIMER | _PROCTOR),
    Move(Phase.IN_PROGRESS, Verb.TERMINATE, Phase.TERMINATED, _PROCTOR),
    Move(Phase.PAUSED, Verb.COME_BACK, Phase.PAUSED, _STUDENT),
    Move(Phase.PAUSED, Verb.RESUME, Phase.IN_PROGRESS, _PROCTOR | _SYSTEM),
    Move(Phase.PAUSED, Verb.SUBMIT, Phase.SUBMITTED, _TIMER),
    Move(Phase.PAUSED, Verb.TERMINATE, Phase.TERMINATED, _PROCTOR),
    Move(Phase.TERMINATED, Verb.REACTIVATE, Phase.IN_PROGRESS, _ADMIN),
    Move(Phase.TERMINATED, Verb.SUBMIT, Phase.SUBMITTED, _TIMER),
    Move(Phase.SUBMITTED, Verb.REOPEN, Phase.IN_PROGRESS, _ADMIN),
    Move(Phase.SUBMITTED, Verb.LIFT_CAP, Phase.SUBMITTED, _ADMIN),
    *(Move(phase, Verb.EXTEND, phase, _PROCTOR | _ADMIN) for phase in TIMED_PHASES),
    *(Move(phase, Verb.LIFT_CAP, phase, _ADMIN) for phase in TIMED_PHASES),
    *(Move(phase, Verb.VOID, Phase.VOIDED, _ADMIN) for phase in Phase if phase in OPEN_PHASES),
]

_OWNERS = {
    Phase.HELD: "timer: hold",
    Phase.WAITLISTED: "timer: slot start",
    Phase.RESERVED: "timer: no-show",
    Phase.CHECKING_IN: "timer: no-show",
    Phase.AWAITING_ADMISSION: "timer: escalation to admin",
    Phase.ADMITTED: "timer: no-show",
    Phase.IN_PROGRESS: "timer: deadline",
    Phase.PAUSED: "timer: longest pause",
    Phase.TERMINATED: "timer: reactivation window",
}

ATTEMPT = Machine("attempt", _MOVES, FINAL_PHASES, _OWNERS, said.ATTEMPT)
