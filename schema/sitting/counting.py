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
