"""One line of a topic as a tuple of plain values, or None when it is no event of it, checked as the jobs check."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from schema.events import Topic
from schema.incident import IncidentKind, Severity
from schema.review import IncidentRuling, IntegrityOutcome

Values = tuple[Any, ...]
ENVELOPE = ("event_id", "attempt_id", "exam_id", "sequence", "happened")
_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_NUMBER = re.compile("-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?").fullmatch
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS, _SEVERITIES = frozenset(IncidentKind), frozenset(Severity)
_OUTCOMES, _RULINGS = frozenset(IntegrityOutcome), frozenset(IncidentRuling)
LATE_DAYS = 2


def values_of(line: str, topic: Topic, file_day: date) -> Values | None:
    """ENVELOPE's values and then the topic's own (DATA); `happened` is in microseconds since 1970."""
    try:
        event = json.loads(line)
        envelope = _envelope(event, topic, file_day)
        return envelope and (own := _OWN[topic](event["data"])) and envelope + own
    except (ValueError, KeyError, TypeError):
        return None


def _envelope(event: dict[str, Any], topic: Topic, file_day: date) -> Values | None:
    happened = datetime.fromisoformat(event["occurred_at"]) - _EPOCH
    days_late = file_day.toordinal() - _EPOCH.toordinal() - happened.days
    ids, cohort = (event["event_id"], event["attempt_id"], event["exam_id"]), event.get("cohort_id")
    right = (
        event["type"] == topic
        and event["version"] == 1
        and all(map(_ID, ids))
        and _ID(event["organisation_id"])
        and _ID(event["student_id"])
        and (cohort is None or _ID(cohort))
        and isinstance(event["sequence"], int)
        and 0 <= days_late <= LATE_DAYS
    )
    instant = (happened.days * 86400 + happened.seconds) * 1_000_000 + happened.microseconds
    return (*ids, event["sequence"], instant) if right else None


def _anomaly(data: dict[str, Any]) -> Values | None:
    values = data["incident_id"], data["kind"], data["severity"], data["confidence"]
    known = values[1] in _KINDS and values[2] in _SEVERITIES and 0 <= values[3] <= 1
    return values if known and _ID(values[0]) else None


def _review(data: dict[str, Any]) -> Values | None:
    rulings = [(one["incident_id"], one["ruling"]) for one in data.get("rulings", ())]
    known = data["outcome"] in _OUTCOMES if data["kind"] == "integrity" else data["outcome"] is not None
    right = known and _ID(data["review_id"]) and all(_ID(one) and said in _RULINGS for one, said in rulings)
    return (data["kind"], data["outcome"], rulings) if right else None


def _grading(data: dict[str, Any]) -> Values | None:
    items = [(one["question_id"], one["earned"], one["points"], one.get("seconds")) for one in data["items"]]
    right = all(_ID(one[0]) and _NUMBER(one[1]) and _NUMBER(one[2]) for one in items)
    marks = data["round_number"], data["percent"], data["passed"]
    right = right and isinstance(marks[0], int) and isinstance(marks[2], bool) and bool(_NUMBER(marks[1]))
    return (marks[0], float(marks[1]), marks[2], items) if right else None


_OWN: dict[Topic, Callable[[dict[str, Any]], Values | None]] = {
    Topic.ANOMALY_DETECTED: _anomaly,
    Topic.REVIEW_DECIDED: _review,
    Topic.GRADING_COMPLETED: _grading,
}
DATA: dict[Topic, tuple[str, ...]] = {
    Topic.ANOMALY_DETECTED: ("incident_id", "kind", "severity", "confidence"),
    Topic.REVIEW_DECIDED: ("kind", "outcome", "rulings"),
    Topic.GRADING_COMPLETED: ("round_number", "percent", "passed", "items"),
}
