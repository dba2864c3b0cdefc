"""Which of a student's sittings at an exam counts, by the exam's rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from schema.sitting.rule import Counting


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A sitting that was handed in; `percent` is None while its marks are not known."""

    attempt_id: UUID
    began_at: datetime
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class SittingPlace:
    """A sitting among its student's at the exam: its number, and whether it counts of those that are marked."""

    rule: Counting
    number: int
    counts: bool


def place_of(attempt_id: UUID, rule: Counting, marked: Sequence[HandedIn]) -> SittingPlace:
    """`marked` are all that are marked so far, this one among them."""
    own = next(one for one in marked if one.attempt_id == attempt_id)
    earlier = [one for one in marked if (one.began_at, one.attempt_id) < (own.began_at, own.attempt_id)]
    return SittingPlace(rule, len(earlier) + 1, counting(rule, marked) == attempt_id)


def counting(rule: Counting, sittings: Sequence[HandedIn]) -> UUID | None:
    """The sitting that counts, of those of one student at one exam; of equally good ones the earliest."""
    if not sittings:
        return None
    in_order = sorted(sittings, key=lambda one: (one.began_at, one.attempt_id))
    match rule:
        case Counting.FIRST:
            return in_order[0].attempt_id
        case Counting.LAST:
            return in_order[-1].attempt_id
        case Counting.BEST:
            return max(in_order, key=lambda one: -1 if one.percent is None else one.percent).attempt_id
