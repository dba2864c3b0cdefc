"""The events that the tests of the cluster tell: incidents, rulings and marks of two months, some late, some twice."""

from collections.abc import Iterator
from typing import Any

from schema.events import Envelope
from schema.incident import IncidentKind
from tests.spark.event_maker import anomaly, at, decision, grading

KINDS = (IncidentKind.TAB_CHANGE, IncidentKind.MULTIPLE_FACES, IncidentKind.FACE_ABSENT)
STUDENTS = 24


def first_part() -> list[Envelope]:
    """Told in time; every fifth event comes twice."""
    told = [*_incidents("early", STUDENTS), *_gradings()]
    return [*told, *told[::5]]


def second_part() -> list[Envelope]:
    """Told later: incidents of the same day, rulings, and what had been told before."""
    rulings = [
        decision(
            ("upheld", "cleared")[number % 2], at(12, day=19),
            {f"early {number} 0": ("confirmed", "not_an_incident")[number % 2]}, attempt=f"attempt {number}",
        )
        for number in range(0, STUDENTS, 3)
    ]  # fmt: skip
    return [*_incidents("late", 8), *rulings, *first_part()[:10]]


def _incidents(name: str, students: int) -> Iterator[Envelope]:
    for number in range(students):
        for again, kind in enumerate(KINDS[: 1 + number % 3]):
            yield anomaly(
                f"{name} {number} {again}", at(8 + number % 6), kind, attempt=f"attempt {number}",
                exam=f"exam {number % 2}", confidence=(1 + number % 7) / 8,
            )  # fmt: skip


def _gradings() -> Iterator[Envelope]:
    for number in range(STUDENTS):
        about: dict[str, Any] = {
            "exam": f"exam {number % 2}",
            "student": f"student {number}",
            "cohort": f"cohort {number % 3}",
        }
        earned = [2 * ((number * prime) % 11) / 11 // 0.5 * 0.5 for prime in (2, 3, 5, 7)]
        yield grading(earned, at(9 + number % 5), attempt=f"attempt {number}", **about)
        yield grading(earned[::-1], at(10, month=10), attempt=f"attempt before {number}", **about)
