"""Telling people something: why, whom, and with which facts."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from schema.model import Message


class Occasion(StrEnum):
    """Why people are told something; each has a mail template and a notification."""

    CONFIRM_ADDRESS = "confirm_address"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - an occasion, not a secret
    INVITED = "invited"
    RESERVED = "reserved"
    MOVED = "moved"
    CANCELLED = "cancelled"
    SEAT_FREED = "seat_freed"  # a seat became free for somebody who waited
    WAITED_IN_VAIN = "waited_in_vain"
    REMINDER = "reminder"
    NO_SHOW = "no_show"
    SENT_BACK = "sent_back"
    ADMISSION_OVERDUE = "admission_overdue"
    TERMINATED = "terminated"
    REACTIVATED = "reactivated"
    VOIDED = "voided"
    SUBMITTED = "submitted"
    RELEASED = "released"
    APPEAL_SETTLED = "appeal_settled"
    REVIEW_ASSIGNED = "review_assigned"
    REVIEW_WAITING = "review_waiting"
    REVIEW_REMINDER = "review_reminder"
    REVIEW_ESCALATED = "review_escalated"
    HIGH_RISK = "high_risk"
    DETECTOR_DOWN = "detector_down"
    DETECTION_BEHIND = "detection_behind"  # what students send waits for a detector
    CALL_UNANSWERED = "call_unanswered"
    TIME_CHANGED = "time_changed"  # extended, paused, resumed: a notification on the screen, no mail
    ADMITTED = "admitted"
    FURTHER_SITTING = "further_sitting"


class Audience(StrEnum):
    """Groups that are told something."""

    STUDENT = "student"
    PROCTORS = "proctors"
    GRADERS = "graders"
    REVIEWERS = "reviewers"
    ADMINS = "admins"
    PERSON = "person"


class Notify(Message):
    """Tell somebody something once. `key` names the occasion within the attempt (`reminder:3600`).

    `facts` are ids, times (ISO 8601, UTC), numbers and words for the template; names and addresses are
    looked up when the mail is written. `person_id` is set for STUDENT and PERSON.
    """

    occasion: Occasion
    key: str
    audience: Audience
    attempt_id: UUID | None
    exam_id: UUID | None = None
    person_id: UUID | None = None
    excluded: tuple[UUID, ...] = ()
    facts: dict[str, str] = {}
    at: datetime
