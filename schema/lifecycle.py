"""The messages of an attempt's lifecycle: its input, its commands, its state and what is projected of it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from schema.aftermath.state import Aftermath, ReopenAsked
from schema.answer.window import WindowProjection as WindowProjection  # noqa: PLC0414 - asked for here
from schema.attempt import Phase
from schema.clock import ExamClock
from schema.coverage.figure import WatchCoverage
from schema.exam import CheckInStep, ExamPolicy
from schema.given.time import TimeGiven
from schema.incident import IncidentSignal
from schema.machine import ActorRole
from schema.model import Message, State
from schema.outage.interval import Intervals
from schema.outage.returned import TimeReturned
from schema.outcome import Integrity, Marking, Release
from schema.registry.card import FrozenModel
from schema.review import Reason


class Actor(Message):
    """Who acts; timers and the system have no person."""

    role: ActorRole
    person_id: UUID | None = None


SYSTEM = Actor(role=ActorRole.SYSTEM)
TIMER = Actor(role=ActorRole.TIMER)


class SlotWindow(Message):
    """The slot an attempt holds a seat in."""

    slot_id: UUID
    starts_at: datetime
    ends_at: datetime


class AttemptInput(Message):
    """What an attempt is reserved with; policy, rules and models are frozen here for its whole life.

    `duration_factor` is the student's accommodation (1 is none). `seed` fixes shuffled orders.
    `models` are the registry's versions that it is watched with; none where it was reserved without a registry.
    `may_wait` says that the student takes a place on the waiting list where the slot is full.
    `resumed` carries the state into a run that continues another. `generation` counts the runs that were started
    again from the read model; the one that `is_repaired` begins such a generation. `measures_coverage` is false for
    attempts that were reserved before their exam could ask how much of them must be watched.
    """

    attempt_id: UUID
    organisation_id: UUID
    exam_id: UUID
    exam_version: int
    student_id: UUID
    cohort_id: UUID | None = None
    slot: SlotWindow
    policy: ExamPolicy
    duration_factor: Decimal = Decimal(1)
    seed: int
    rules_version: str
    model_version: str
    models: tuple[FrozenModel, ...] = ()
    may_wait: bool = False
    resumed: "AttemptState | None" = None
    generation: int = 0
    is_repaired: bool = False
    measures_coverage: bool = False


class Command(Message):
    """What every command says: which operation it is (the same one twice is one) and who asks."""

    operation_id: Annotated[str, Field(min_length=1, max_length=200)]
    actor: Actor


class Reserve(Command):
    """Hold a seat, or wait for one; the workflow's first update."""


class Confirm(Command):
    """Turn the held seat into a reservation."""


class Cancel(Command):
    """Give the seat back."""

    reason: str = ""


class MoveSlot(Command):
    """Take a seat in another slot of the same exam and give this one back."""

    slot: SlotWindow


class BeginCheckIn(Command):
    """Start checking in."""


class RecordCheckIn(Command):
    """One check-in step is done; the last one asks for admission. `object_name` names a stored photo."""

    step: CheckInStep
    object_name: str = ""


class Admit(Command):
    """Let the student in."""


class SendBack(Command):
    """Ask for a check-in step again."""

    step: CheckInStep
    reason: Reason


class Refuse(Command):
    """Do not let the student in."""

    reason: Reason


class Start(Command):
    """Begin writing: arms the deadline. `duration_factor` is the accommodation as it is now."""

    duration_factor: Decimal | None = None


class Extend(Command):
    """Give more time."""

    by: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(hours=8))]
    reason: str = ""


class Pause(Command):
    """Let the clock stand."""

    reason: Reason


class ComeBack(Command):
    """The student is back and says so."""


class Resume(Command):
    """The exam may go on as soon as the student is back."""


class Submit(Command):
    """Hand in."""

    reason: str = ""


class Terminate(Command):
    """Stop the attempt; an admin may reactivate it."""

    reason: Reason


class Reactivate(Command):
    """Let a terminated attempt go on."""

    reason: Reason


class Void(Command):
    """Make the attempt count for nothing."""

    reason: Reason


class ReleaseResult(Command):
    """Show the student the result."""


class Appeal(Command):
    """Object to a result; the text is stored, the command carries its id."""

    appeal_id: UUID


class Step(Message):
    """One move of one machine, as it is projected, shown in the timeline and published."""

    version: int
    machine: str
    source: str
    verb: str
    target: str
    actor: Actor
    reason: str = ""
    at: datetime
    returned: TimeReturned | None = None
    facts: dict[str, str] = {}


class AttemptState(State):
    """An attempt as its workflow knows it."""

    phase: Phase = Phase.HELD
    marking: Marking = Marking.PENDING
    integrity: Integrity = Integrity.UNDETERMINED
    release: Release = Release.WITHHELD
    round_number: int = 1
    version: int = 0
    slot: SlotWindow
    clock: ExamClock
    hold_until: datetime
    hold_since: datetime | None = None  # None from before 2026-12
    reserved_at: datetime | None = None
    checks_done: tuple[CheckInStep, ...] = ()
    identity_photo: str = ""
    send_back_reason: str = ""
    awaiting_since: datetime | None = None
    admission_escalated: bool = False
    stopped_since: datetime | None = None
    student_is_back: bool = False
    may_resume: bool = False
    submitted_at: datetime | None = None
    released_at: datetime | None = None
    ended_at: datetime | None = None
    heard: int = 0  # the appeals whose outcome was begun
    appeal_round: int = 0  # the round that the newest appeal objects to; its review is named by it
    appeal_id: UUID | None = None
    appeals: int = 0
    incidents: tuple[IncidentSignal, ...] = ()
    risk: float = 0.0
    first_reviewer: UUID | None = None
    integrity_round: int = 1
    report_name: str = ""
    reminded: tuple[timedelta, ...] = ()
    children: tuple[str, ...] = ()  # ids of the child workflows so far; their histories are kept too
    applied: dict[str, int] = {}  # operation id -> version it led to
    steps: tuple[Step, ...] = ()  # moves that are not yet projected
    after: Aftermath = Aftermath()
    given: TimeGiven | None = None
    coverage: WatchCoverage | None = None
    away: Intervals = ()  # silences of the platform in which its timers stood still


class AttemptView(Message):
    """What updates and the `view` query return. `cap_at` is the end of the slot where the exam ends with it."""

    attempt_id: UUID
    exam_id: UUID
    student_id: UUID
    slot_id: UUID
    phase: Phase
    marking: Marking
    integrity: Integrity
    release: Release
    version: int
    hold_until: datetime
    deadline_at: datetime | None
    clock_version: int
    checks_done: tuple[CheckInStep, ...]
    send_back_reason: str
    student_is_back: bool
    may_resume: bool
    submitted_at: datetime | None
    cap_at: datetime | None = None
    pause_slack: timedelta | None = None
    given: TimeGiven | None = None
    reopen_asked: ReopenAsked | None = None
    can_reopen: bool | None = None  # None from older workers, and where nothing was handed in


class AttemptProjection(Message):
    """The read model's row as of `version`, with the moves since the last projection.

    Projecting the same version again changes nothing; an older one is ignored. `base` is the version that the
    workflow knows as written, and `snapshot` what another run can go on from; both are None from older workers.
    """

    view: AttemptView
    generation: int = 0
    base: int | None = None
    snapshot: AttemptInput | None = None
    organisation_id: UUID
    cohort_id: UUID | None
    clock: ExamClock
    risk: float
    identity_photo: str = ""
    report_name: str = ""
    admission_escalated: bool = False
    after: Aftermath = Aftermath()
    released_at: datetime | None = None
    coverage: WatchCoverage | None = None
    steps: tuple[Step, ...]
