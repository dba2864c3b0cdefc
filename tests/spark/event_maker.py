"""Makes events as the product does; small, and the same for the same names."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from schema.events import (
    AnomalyDetected,
    Envelope,
    GradingCompleted,
    ItemScore,
    ReviewDecided,
    RuledIncident,
    Source,
)
from schema.incident import SEVERITY, IncidentKind
from schema.model import Message
from schema.publication import TOPIC_OF

DAY = date(2026, 11, 18)  # a Wednesday
SPACE = UUID(int=77)


def ident(name: str) -> UUID:
    """The same id for the same name."""
    return uuid5(SPACE, name)


def at(hour: int, day: int = DAY.day, month: int = DAY.month, year: int = DAY.year) -> datetime:
    return datetime(year, month, day, hour, 30, 0, 123456, tzinfo=UTC)


def told(data: Message, when: datetime, *, attempt: str, exam: str = "exam", **about: Any) -> Envelope:
    """An event about an attempt; `student` and `cohort` are names."""
    topic = TOPIC_OF[type(data)]
    cohort = about.get("cohort")
    return Envelope(
        event_id=ident(f"{topic}/{attempt}/{data.model_dump_json()}/{when}"),
        type=topic,
        occurred_at=when,
        organisation_id=ident("organisation"),
        attempt_id=ident(attempt),
        exam_id=ident(exam),
        student_id=ident(about.get("student", attempt)),
        cohort_id=ident(cohort) if cohort else None,
        source=Source.MONITORING,
        sequence=about.get("sequence", 1),
        data=data.model_dump(mode="json"),
    )


def anomaly(
    name: str, when: datetime, kind: IncidentKind = IncidentKind.TAB_CHANGE, **about: Any
) -> Envelope:
    """An incident opened; `name` tells its id, `confidence` is 0.5 unless said."""
    data = AnomalyDetected(
        incident_id=ident(name),
        kind=kind,
        severity=SEVERITY[kind],
        confidence=about.pop("confidence", 0.5),
        started_at=when,
        rule="a rule",
        model="a model",
    )
    return told(data, when, **about)


def decision(outcome: str, when: datetime, rulings: dict[str, str], **about: Any) -> Envelope:
    """An integrity review was decided, with rulings by the incidents' names."""
    said = tuple(RuledIncident(incident_id=ident(name), ruling=ruling) for name, ruling in rulings.items())
    data = ReviewDecided(
        review_id=ident(f"{outcome}{when}"),
        kind="integrity",
        subject="integrity:1",
        outcome=outcome,
        reviewer_id=ident("reviewer"),
        rulings=said,
    )
    return told(data, when, **about)


def grading(earned: Sequence[float], when: datetime, *, round_number: int = 1, **about: Any) -> Envelope:
    """A round in which each question of two points earned so much and took 10, 20, 30 … seconds."""
    items = tuple(
        ItemScore(
            question_id=ident(f"question {number}"),
            earned=Decimal(str(one)),
            points=Decimal(2),
            seconds=10 * (number + 1),
        )
        for number, one in enumerate(earned)
    )
    total = sum((item.earned for item in items), Decimal(0))
    percent = Decimal(about.pop("percent", 100 * total / (2 * len(items) or 1)))
    data = GradingCompleted(
        round_number=round_number,
        earned=total,
        points=Decimal(2 * len(items)),
        percent=percent,
        passed=percent >= 50,
        items=items,
        **{name: about.pop(name, None) for name in ("counting", "sitting", "counts")},
    )
    return told(data, when, **about)
