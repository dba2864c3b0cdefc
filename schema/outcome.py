"""What follows a sitting: the marking, integrity and release machines, small and apart from the attempt's."""

from enum import StrEnum

from schema import said
from schema.machine import ActorRole, Machine, Move, actors


class Marking(StrEnum):
    """Where marking of the current round stands."""

    PENDING = "pending"
    AUTO_MARKED = "auto_marked"
    AWAITING_GRADERS = "awaiting_graders"
    MARKED = "marked"


class MarkingVerb(StrEnum):
    """What moves marking."""

    MARK_AUTOMATICALLY = "mark_automatically"
    ASK_GRADERS = "ask_graders"
    COMPLETE = "complete"
    REMARK = "remark"
    REOPEN = "reopen"


class Integrity(StrEnum):
    """What people have decided about the incidents. Software opens PENDING and never convicts."""

    UNDETERMINED = "undetermined"  # frames are still being analysed
    NONE = "none"
    PENDING = "pending"
    UPHELD_ONCE = "upheld_once"
    UPHELD = "upheld"
    CLEARED = "cleared"


class IntegrityVerb(StrEnum):
    """What moves integrity."""

    FIND_NOTHING = "find_nothing"
    OPEN = "open"
    CLEAR = "clear"
    UPHOLD = "uphold"
    REINVESTIGATE = "reinvestigate"
    REOPEN = "reopen"


class Release(StrEnum):
    """Whether the student sees the result, and what is left of the attempt afterwards."""

    WITHHELD = "withheld"
    RELEASED = "released"
    APPEALED = "appealed"
    FINAL = "final"
    ARCHIVED = "archived"
    PURGED = "purged"


class ReleaseVerb(StrEnum):
    """What moves release."""

    RELEASE = "release"
    APPEAL = "appeal"
    SETTLE = "settle"
    FINALISE = "finalise"
    ARCHIVE = "archive"
    PURGE = "purge"


_SYSTEM = actors(ActorRole.SYSTEM)
_REVIEWER = actors(ActorRole.REVIEWER)
_ADMIN = actors(ActorRole.ADMIN)  # where an attempt is reopened, all of this is decided again

MARKING = Machine(
    "marking",
    [
        Move(Marking.PENDING, MarkingVerb.MARK_AUTOMATICALLY, Marking.AUTO_MARKED, _SYSTEM),
        Move(Marking.AUTO_MARKED, MarkingVerb.ASK_GRADERS, Marking.AWAITING_GRADERS, _SYSTEM),
        Move(Marking.AUTO_MARKED, MarkingVerb.COMPLETE, Marking.MARKED, _SYSTEM),
        Move(Marking.AWAITING_GRADERS, MarkingVerb.COMPLETE, Marking.MARKED, actors(ActorRole.GRADER)),
        Move(Marking.MARKED, MarkingVerb.REMARK, Marking.PENDING, _SYSTEM | _REVIEWER),
        *(
            Move(one, MarkingVerb.REOPEN, Marking.PENDING, _ADMIN)
            for one in Marking
            if one is not Marking.PENDING
        ),
    ],
    frozenset({Marking.MARKED}),
    {
        Marking.PENDING: "system: grading workflow",
        Marking.AUTO_MARKED: "system: grading workflow",
        Marking.AWAITING_GRADERS: "graders: review workflows remind and escalate",
    },
    said.MARKING,
)

INTEGRITY = Machine(
    "integrity",
    [
        Move(Integrity.UNDETERMINED, IntegrityVerb.FIND_NOTHING, Integrity.NONE, _SYSTEM),
        Move(Integrity.UNDETERMINED, IntegrityVerb.OPEN, Integrity.PENDING, _SYSTEM),
        Move(Integrity.PENDING, IntegrityVerb.CLEAR, Integrity.CLEARED, _REVIEWER),
        Move(Integrity.PENDING, IntegrityVerb.UPHOLD, Integrity.UPHELD_ONCE, _REVIEWER),
        Move(Integrity.UPHELD_ONCE, IntegrityVerb.UPHOLD, Integrity.UPHELD, _REVIEWER),
        Move(Integrity.UPHELD_ONCE, IntegrityVerb.CLEAR, Integrity.CLEARED, _REVIEWER),
        Move(Integrity.UPHELD, IntegrityVerb.REINVESTIGATE, Integrity.PENDING, _REVIEWER),
        *(
            Move(one, IntegrityVerb.REOPEN, Integrity.UNDETERMINED, _ADMIN)
            for one in Integrity
            if one is not Integrity.UNDETERMINED
        ),
    ],
    frozenset({Integrity.NONE, Integrity.UPHELD, Integrity.CLEARED}),
    {
        Integrity.UNDETERMINED: "system: monitoring workflow",
        Integrity.PENDING: "reviewers: review workflow reminds and escalates",
        Integrity.UPHELD_ONCE: "second reviewer: review workflow reminds and escalates",
    },
    said.INTEGRITY,
)

RELEASE = Machine(
    "release",
    [
        Move(
            Release.WITHHELD, ReleaseVerb.RELEASE, Release.RELEASED, actors(ActorRole.ADMIN, ActorRole.SYSTEM)
        ),
        Move(Release.RELEASED, ReleaseVerb.APPEAL, Release.APPEALED, actors(ActorRole.STUDENT)),
        Move(Release.APPEALED, ReleaseVerb.SETTLE, Release.RELEASED, _REVIEWER),
        Move(Release.RELEASED, ReleaseVerb.FINALISE, Release.FINAL, actors(ActorRole.TIMER)),
        Move(Release.FINAL, ReleaseVerb.ARCHIVE, Release.ARCHIVED, _SYSTEM),
        Move(Release.ARCHIVED, ReleaseVerb.PURGE, Release.PURGED, actors(ActorRole.TIMER)),
    ],
    frozenset({Release.PURGED}),
    {
        Release.WITHHELD: "system by policy, or admin",
        Release.RELEASED: "timer: appeal window",
        Release.APPEALED: "reviewers: review workflow reminds and escalates",
        Release.FINAL: "system: archive activity",
        Release.ARCHIVED: "timer: retention workflow",
    },
    said.RELEASE,
)
