"""Seats and places on waiting lists are not kept from others by taking and giving them up in turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from schema.failures import Failure, FailureType
from schema.sitting.word import on, times

WINDOW = timedelta(days=1)
MOST_OF_EXAM = 3
MOST_OF_ALL = 10


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A seat or a place on a waiting list that its student gave up, or let expire."""

    exam_id: UUID
    at: datetime


def check_hoarding(title: str, exam_id: UUID, given_up: Sequence[GivenUp], now: datetime) -> None:
    """Raises TOO_MANY_HOLDS, which says from when on. `given_up` is what one student gave up at any exam."""
    recent = sorted(one.at for one in given_up if one.at > now - WINDOW)
    of_exam = sorted(one.at for one in given_up if one.exam_id == exam_id and one.at > now - WINDOW)
    for given, most, what in (
        (of_exam, MOST_OF_EXAM, f"of “{title}”"),
        (recent, MOST_OF_ALL, "of all exams"),
    ):
        if len(given) >= most:
            again = given[-most] + WINDOW
            raise Failure(
                FailureType.TOO_MANY_HOLDS,
                f"you gave up seats or waiting places {what} {times(len(given))} within a day, and others wait "
                f"for them; you can reserve again {on(again)}",
                exam_title=title,
                reserve_again_at=again.isoformat(),
            )
