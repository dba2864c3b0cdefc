"""What each occasion knows: the facts its words use, the value of one that is missing, and where it shows."""

from schema.notice import Audience, Occasion
from schema.review import ReviewKind

SCREEN_ONLY = frozenset({Occasion.TIME_CHANGED, Occasion.ADMITTED})

# Every notice gets these, filled in when it is written.
SHARED_FACTS: dict[str, str] = {"attempt_id": "", "exam_id": "", "exam": "your exam", "occurred_at": ""}

_REVIEW = {
    "review_id": "",
    "review_kind": "",
    "subject": "",
    "opened_at": "",
    "remind_at": "",
    "escalate_at": "",
}
_SLOT = {"starts_at": "", "ends_at": ""}

# Facts by occasion. Names ending in `_at`, `_until` and `_since` hold instants as ISO 8601 in UTC.
FACTS: dict[Occasion, dict[str, str]] = {
    Occasion.CONFIRM_ADDRESS: {"token": "", "expires_at": ""},
    Occasion.RESET_PASSWORD: {"token": "", "expires_at": ""},
    Occasion.INVITED: {"token": "", "expires_at": ""},
    Occasion.RESERVED: {**_SLOT, "check_in_opens_at": "", "cancel_until": ""},
    Occasion.MOVED: {**_SLOT, "check_in_opens_at": "", "cancel_until": ""},
    Occasion.CANCELLED: {**_SLOT, "reason": ""},
    Occasion.SEAT_FREED: {**_SLOT, "confirm_until": ""},
    Occasion.WAITED_IN_VAIN: {**_SLOT},
    Occasion.REMINDER: {**_SLOT, "check_in_opens_at": ""},
    Occasion.NO_SHOW: {**_SLOT},
    Occasion.SENT_BACK: {"step": "", "reason": ""},
    Occasion.ADMISSION_OVERDUE: {"waiting_since": ""},
    Occasion.TERMINATED: {"reason": "", "reactivation_until": ""},
    Occasion.REACTIVATED: {"reason": "", "deadline_at": ""},
    Occasion.VOIDED: {"reason": ""},
    Occasion.SUBMITTED: {"submitted_at": "", "by": "student"},
    Occasion.RELEASED: {"appeal_until": ""},
    Occasion.APPEAL_SETTLED: {"outcome": ""},
    Occasion.REVIEW_ASSIGNED: _REVIEW,
    Occasion.REVIEW_WAITING: _REVIEW,
    Occasion.REVIEW_REMINDER: _REVIEW,
    Occasion.REVIEW_ESCALATED: _REVIEW,
    Occasion.HIGH_RISK: {
        "incident_id": "",
        "incident_kind": "",
        "severity": "",
        "started_at": "",
        "risk": "",
    },
    Occasion.DETECTOR_DOWN: {"waiting_since": ""},
    Occasion.DETECTION_BEHIND: {"waiting_since": "", "attempts": "", "seconds": ""},
    Occasion.CALL_UNANSWERED: {"waiting_since": ""},
    Occasion.TIME_CHANGED: {
        "change": "changed",
        "seconds": "",
        "asked_seconds": "",
        "why_less": "",
        "reason": "",
        "deadline_at": "",
        "kept_until": "",
    },
    Occasion.ADMITTED: {"start_until": ""},
    Occasion.FURTHER_SITTING: {},
}

ROLE_OF: dict[Audience, str] = {
    Audience.PROCTORS: "proctor",
    Audience.GRADERS: "grader",
    Audience.REVIEWERS: "reviewer",
    Audience.ADMINS: "admin",
}


def complete_facts(occasion: Occasion, facts: dict[str, str]) -> dict[str, str]:
    """The facts with a default for each one that is missing, so that no text can fail for want of one."""
    return {**SHARED_FACTS, **FACTS[occasion], **facts}


def is_blind(facts: dict[str, str]) -> bool:
    """Whether it is about an essay, whose graders do not learn which attempt it belongs to."""
    return facts.get("review_kind") == ReviewKind.ESSAY
