"""What is wrong with an exam's policy: values out of range and rules that contradict each other, by JSON pointer."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import reduce
from typing import Any

from schema.exam import CheckInStep, ExamPolicy
from schema.incident import Severity

Complaint = tuple[str, str]  # JSON pointer, what is wrong and what to do

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NOTHING = timedelta(0)
LONGEST_BASIS = 1_000

# Pointer below /policy: least and most, both allowed.
RANGES: dict[str, tuple[Any, Any]] = {
    "attempts_allowed": (1, 20),
    "hold": (SECOND, DAY),
    "cancel_cut_off": (NOTHING, 365 * DAY),
    "check_in_opens": (NOTHING, DAY),
    "no_show_after": (SECOND, DAY),
    "admission_escalates_after": (SECOND, DAY),
    "longest_pause": (SECOND, 7 * DAY),
    "reactivation_window": (SECOND, 30 * DAY),
    "appeal_window": (NOTHING, 365 * DAY),
    "frame_interval": (SECOND / 5, 10 * SECOND),
    "coverage_minimum": (0, 100),
    "review/remind_after": (SECOND, 365 * DAY),
    "review/escalate_after": (SECOND, 365 * DAY),
    "retention/media": (NOTHING, 3650 * DAY),
    "retention/features": (NOTHING, 3650 * DAY),
    "retention/decision_log": (NOTHING, 3650 * DAY),
    "detection/face_score": (0.01, 1),
    "detection/person_score": (0.01, 1),
    "detection/object_score": (0.01, 1),
    "detection/looking_away_ratio": (0.01, 5),
    "detection/other_person_distance": (0.5, 1),
    "detection/dark_brightness": (0, 255),
    "detection/flat_contrast": (0, 255),
    "detection/blurred_sharpness": (0, 10_000),
    "detection/low_light_brightness": (0, 255),
    "detection/face_absent_after": (NOTHING, 10 * MINUTE),
    "detection/looking_away_after": (NOTHING, 10 * MINUTE),
    "detection/blocked_after": (NOTHING, 10 * MINUTE),
    "detection/frozen_after": (SECOND, 10 * MINUTE),
    "detection/silence_floor": (SECOND, 10 * MINUTE),
    "detection/leave_after": (NOTHING, 10 * MINUTE),
    "detection/cooldown": (NOTHING, 10 * MINUTE),
    "detection/screen_interval": (2 * SECOND, MINUTE),
    "detection/silence_intervals": (1, 100),
    "risk/alert_at": (0.01, 1_000_000),
}


def policy_complaints(policy: ExamPolicy) -> list[Complaint]:
    """Everything that is wrong; empty for the defaults of every preset."""
    return [*_ranges(policy), *_reminders(policy), *_votes(policy), *_weights(policy), *_identity(policy)]


def too_short_kept(policy: ExamPolicy, least: Mapping[str, timedelta]) -> list[Complaint]:
    """What an exam keeps shorter than its institution wants; only an admin publishes that."""
    return [
        (
            f"/policy/retention/{name}",
            f"this institution keeps it at least {_said(wanted)}; choose that or more, or let an admin publish it",
        )
        for name, wanted in least.items()
        if getattr(policy.retention, name) < wanted
    ]


def _ranges(policy: ExamPolicy) -> Iterator[Complaint]:
    for path, (least, most) in RANGES.items():
        value = reduce(getattr, path.split("/"), policy)
        if not least <= value <= most:
            yield f"/policy/{path}", f"choose {_said(least)} to {_said(most)}"
    if policy.review.remind_after >= policy.review.escalate_after:
        yield "/policy/review", "the reminder must come before the escalation"


def _reminders(policy: ExamPolicy) -> Iterator[Complaint]:
    for place, before in enumerate(policy.reminders):
        if not SECOND <= before <= 365 * DAY:
            yield f"/policy/reminders/{place}", "say how long before the start: a second to 365 days"
    if len(set(policy.reminders)) != len(policy.reminders) or len(policy.reminders) > 10:
        yield "/policy/reminders", "send at most ten, each another time before the start"


def _votes(policy: ExamPolicy) -> Iterator[Complaint]:
    for name in ("second_person_frames", "object_frames"):
        hits, frames = getattr(policy.detection, name)
        if not 1 <= hits <= frames <= 20:
            yield f"/policy/detection/{name}", "send [k, n], k of the last n frames, with 1 ≤ k ≤ n ≤ 20"


def _weights(policy: ExamPolicy) -> Iterator[Complaint]:
    for severity in Severity:
        if not 0 <= policy.risk.weights.get(severity, -1) <= 1_000:
            yield f"/policy/risk/weights/{severity}", "send a weight of 0 to 1000 for each severity"


def _identity(policy: ExamPolicy) -> Iterator[Complaint]:
    """Faces are compared only where somebody answers for it, and where there is a face to compare with."""
    pointer, basis = "/policy/detection/other_person", policy.detection.other_person_basis
    if len(basis) > LONGEST_BASIS:
        yield f"{pointer}_basis", f"say it in at most {LONGEST_BASIS} characters"
    if not policy.detection.other_person:
        return
    if not basis.strip():
        what = "comparing faces needs a legal basis: write which one, as the students shall read it, or turn it off"
        yield f"{pointer}_basis", what
    if CheckInStep.IDENTITY_PHOTO not in policy.check_in_steps:
        what = "faces are compared with the identity photo: add that step to the check-in, or turn this off"
        yield pointer, what


def _said(value: Any) -> str:
    if not isinstance(value, timedelta):
        return str(value)
    for unit, name in ((DAY, "days"), (MINUTE, "minutes")):
        if value >= unit:
            return f"{value // unit} {name}"
    return f"{value.total_seconds():g} seconds"
