"""The dossier: everything that is known of one attempt, as its report and its result lists need it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from schema.coverage.figure import WatchCoverage
from schema.incident import Incident, Severity
from schema.retention import Hold
from schema.review import ReviewKind

MOST_PICTURES = 150  # about 6 MB of frames; nobody reads more
_RANK = {severity: rank for rank, severity in enumerate(Severity)}

Pictures = Mapping[int, bytes]  # JPEGs by the offset of their record; one that is missing is said in words


@dataclass(frozen=True, slots=True)
class DossierMove:
    """One move of one machine: who did what when. `actor_role` is a role, never a name."""

    at: datetime
    machine: str
    source: str
    verb: str
    target: str
    actor_role: str
    reason: str


@dataclass(frozen=True, slots=True)
class DossierIncident:
    """An incident with what a reviewer said of it; `ruling` is empty while nobody has.

    `late_seconds` is how long after its picture it was found, where that was too late for a proctor to act.
    """

    incident: Incident
    ruling: str
    ruling_reason: str
    late_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class DossierMessage:
    """What was said during the attempt. `role` is the author's: student or proctor, never a name."""

    at: datetime
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class DossierItem:
    """One question's mark of one round. `comments` are a grader's remarks on single criteria."""

    question_id: UUID
    title: str
    round_number: int
    earned: Decimal | None
    points: Decimal
    explanation: str
    marked_by: str
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DossierRound:
    """The total of one marking round; None while it is not complete."""

    round_number: int
    earned: Decimal | None
    points: Decimal
    percent: Decimal | None
    passed: bool | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DossierReview:
    """A human decision, by role. `subject` is a question id, `integrity:1` or `appeal:1`."""

    kind: str
    subject: str
    round_number: int
    stage: str
    opened_at: datetime
    decided_at: datetime | None
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """One attempt from reservation to decision; instants are aware UTC.

    `time_zone` is the student's; `identity_photo` names an object of the store, or is empty. `holds`, the oldest
    first, are for admins only (a reason may tell of a claim): the report, which its student reads, leaves them out.
    """

    attempt_id: UUID
    organisation_id: UUID
    exam_id: UUID
    exam_title: str
    exam_version: int
    student_id: UUID
    student_name: str
    student_number: str
    time_zone: str
    slot_starts_at: datetime | None
    slot_ends_at: datetime | None
    phase: str
    marking: str
    integrity: str
    release: str
    risk: float
    started_at: datetime | None
    submitted_at: datetime | None
    identity_photo: str = ""
    rules_version: str = ""
    model_version: str = ""
    moves: tuple[DossierMove, ...] = ()
    incidents: tuple[DossierIncident, ...] = ()
    rounds: tuple[DossierRound, ...] = ()
    items: tuple[DossierItem, ...] = ()
    reviews: tuple[DossierReview, ...] = ()
    messages: tuple[DossierMessage, ...] = ()
    holds: tuple[Hold, ...] = ()
    coverage: WatchCoverage | None = None
    pictures_deleted_at: datetime | None = None
    answers_left_out: bool = False

    @property
    def final_round(self) -> DossierRound | None:
        """The newest completed round."""
        complete = [round_ for round_ in self.rounds if round_.completed_at is not None]
        return max(complete, key=lambda round_: round_.round_number, default=None)

    def without_answers(self) -> "Dossier":
        """For a student who must not read right answers: no marks of questions, no words of graders."""
        reviews = tuple(
            dataclasses.replace(one, reason="") if one.kind == ReviewKind.ESSAY else one
            for one in self.reviews
        )
        return dataclasses.replace(self, items=(), reviews=reviews, answers_left_out=True)

    @property
    def shown_offsets(self) -> tuple[int, ...]:
        """Records whose pictures the report shows: the gravest incidents' first, at most `MOST_PICTURES`."""
        gravest = sorted(
            self.incidents, key=lambda one: (-_RANK[one.incident.severity], one.incident.started_at)
        )
        offsets = dict.fromkeys(evidence.offset for one in gravest for evidence in one.incident.evidence)
        return tuple(offsets)[:MOST_PICTURES]
