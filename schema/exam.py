"""Exams as authors make them: sections, questions, policy and slots."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from schema.incident import DetectionPolicy
from schema.model import Message
from schema.risk import RiskPolicy
from schema.sitting.rule import Counting, RightAnswers

Points = Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=3)]
Text = Annotated[str, Field(min_length=1, max_length=20_000)]
Feedback = Annotated[str, Field(max_length=20_000)]
Key = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
Fraction = Annotated[Decimal, Field(ge=-1, le=1, decimal_places=9)]
Number = Annotated[Decimal, Field(max_digits=30, decimal_places=15)]


class Option(Message):
    """A choice; `fraction` is the share of the points it earns (1 right, 0 wrong, -0.5 costs half)."""

    key: Key
    text: Text
    fraction: Fraction = Decimal(0)
    feedback: Feedback = ""


class _Question(Message):
    question_id: UUID
    title: Annotated[str, Field(max_length=200)] = ""
    text: Text
    points: Points = Decimal(1)
    feedback: Feedback = ""


class SingleChoice(_Question):
    """Exactly one option may be chosen."""

    kind: Literal["single_choice"] = "single_choice"
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=30)]

    @model_validator(mode="after")
    def _has_a_right_option(self) -> Self:
        _check_options(self.options)
        if max(option.fraction for option in self.options) < 1:
            raise ValueError("one option must earn all the points (fraction 1)")
        return self


class MultipleChoice(_Question):
    """Any options may be chosen; the earned fractions are added and kept between 0 and 1."""

    kind: Literal["multiple_choice"] = "multiple_choice"
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=30)]

    @model_validator(mode="after")
    def _has_a_right_option(self) -> Self:
        _check_options(self.options)
        return self


class TrueFalse(_Question):
    """A statement that is true or false, with feedback for the right and the wrong answer."""

    kind: Literal["true_false"] = "true_false"
    answer: bool
    feedback_right: Feedback = ""
    feedback_wrong: Feedback = ""


class NumericTarget(Message):
    """A number with its absolute tolerance and the share of the points it earns (0: only feedback)."""

    value: Number
    tolerance: Annotated[Number, Field(ge=0)] = Decimal(0)
    fraction: Annotated[Fraction, Field(ge=0)] = Decimal(1)
    feedback: Feedback = ""


class Numeric(_Question):
    """A number; the best matching target counts."""

    kind: Literal["numeric"] = "numeric"
    targets: Annotated[tuple[NumericTarget, ...], Field(min_length=1, max_length=20)]
    unit: Annotated[str, Field(max_length=40)] = ""
    feedback_wrong: Feedback = ""

    @model_validator(mode="after")
    def _has_a_right_target(self) -> Self:
        if max(target.fraction for target in self.targets) < 1:
            raise ValueError("one number must earn all the points (fraction 1)")
        return self


class Criterion(Message):
    """One line of a rubric."""

    key: Key
    text: Text
    points: Points


class Essay(_Question):
    """A text that a grader marks along a rubric; the rubric's points add up to the question's."""

    kind: Literal["essay"] = "essay"
    rubric: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=20)]
    max_characters: Annotated[int, Field(ge=1, le=20_000)] = 20_000

    @model_validator(mode="after")
    def _rubric_adds_up(self) -> Self:
        keys = [criterion.key for criterion in self.rubric]
        if len(set(keys)) != len(keys):
            raise ValueError("two criteria have the same key")
        total = sum((c.points for c in self.rubric), Decimal(0))
        if total != self.points:
            raise ValueError(
                f"the rubric's criteria add up to {total}, the question has {self.points} points"
            )
        return self


Question = Annotated[SingleChoice | MultipleChoice | TrueFalse | Numeric | Essay, Field(discriminator="kind")]


class Section(Message):
    """A titled part of an exam."""

    section_id: UUID
    title: str = ""
    questions: tuple[Question, ...] = ()


class Admission(StrEnum):
    """Who lets a student in after check-in."""

    PROCTOR = "proctor"
    AUTOMATIC = "automatic"


class ReleaseRule(StrEnum):
    """When a result is released."""

    MANUAL = "manual"  # an admin does it
    WHEN_READY = "when_ready"  # as soon as marking and integrity are settled


class CheckInStep(StrEnum):
    """What a student shows before being let in."""

    BROWSER = "browser"
    CAMERA = "camera"
    IDENTITY_PHOTO = "identity_photo"
    CONSENT = "consent"


class ReviewPolicy(Message):
    """How long a human decision may wait before somebody is reminded, then the admins are told."""

    remind_after: timedelta = timedelta(days=1)
    escalate_after: timedelta = timedelta(days=3)


class RetentionPolicy(Message):
    """How long each class of data is kept after the attempt is over."""

    media: timedelta = timedelta(days=30)
    features: timedelta = timedelta(days=180)
    decision_log: timedelta = timedelta(days=730)


class ExamPolicy(Message):
    """Everything an exam decides, frozen into each attempt when it is reserved."""

    duration: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(hours=24))] = timedelta(hours=1)
    pass_mark: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(50)  # per cent of the points
    shuffle_questions: bool = False
    shuffle_options: bool = False
    attempts_allowed: int = 1  # sittings a student may start, of all versions together
    counts: Counting = Counting.BEST
    right_answers: RightAnswers = RightAnswers.AFTER_LAST_SLOT
    hold: timedelta = timedelta(minutes=10)
    cancel_cut_off: timedelta = timedelta(hours=24)
    reminders: tuple[timedelta, ...] = (timedelta(days=1), timedelta(hours=1))
    check_in_opens: timedelta = timedelta(minutes=30)
    no_show_after: timedelta = timedelta(minutes=30)  # after the slot's start
    check_in_steps: tuple[CheckInStep, ...] = tuple(CheckInStep)
    microphone: bool = False  # tried out at check-in; sound is never sent or kept
    admission: Admission = Admission.PROCTOR
    admission_escalates_after: timedelta = timedelta(minutes=10)
    cap_at_slot_end: bool = False
    reopen_needs_second_person: bool = False  # two admins reopen an attempt that was handed in
    longest_pause: timedelta = timedelta(hours=1)
    reactivation_window: timedelta = timedelta(hours=24)
    release: ReleaseRule = ReleaseRule.MANUAL
    appeal_window: timedelta = timedelta(days=14)
    frame_interval: timedelta = timedelta(seconds=1)
    coverage_minimum: float = 90.0  # per cent of the exam that must have been watched; 0 asks for nothing
    keeps_recording: bool = False  # also as a video, kept and deleted like the pictures
    detection: DetectionPolicy = DetectionPolicy()
    risk: RiskPolicy = RiskPolicy()
    review: ReviewPolicy = ReviewPolicy()
    retention: RetentionPolicy = RetentionPolicy()


class Exam(Message):
    """An exam as its author sees it, answer keys included."""

    exam_id: UUID
    organisation_id: UUID
    author_id: UUID
    title: Annotated[str, Field(min_length=1, max_length=200)]
    instructions: str = ""
    policy: ExamPolicy = ExamPolicy()
    sections: tuple[Section, ...] = ()
    is_published: bool = False
    version: int = 1

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in the author's order."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def points(self) -> Decimal:
        """The most that can be earned."""
        return sum((question.points for question in self.questions), Decimal(0))


class Slot(Message):
    """A time window with seats."""

    slot_id: UUID
    exam_id: UUID
    starts_at: datetime
    ends_at: datetime
    seats: Annotated[int, Field(ge=1, le=100_000)]
    seats_taken: int = 0


def _check_options(options: tuple[Option, ...]) -> None:
    keys = [option.key for option in options]
    if len(set(keys)) != len(keys):
        raise ValueError("two options have the same key")
    if sum((option.fraction for option in options if option.fraction > 0), Decimal(0)) < 1:
        raise ValueError("the right options must together earn all the points (fractions of at least 1)")
