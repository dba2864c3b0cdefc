"""Which sitting counts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from schema.ids import new_id
from schema.sitting.counting import HandedIn, counting
from schema.sitting.rule import Counting

BEGAN = datetime(2027, 1, 11, 9, tzinfo=UTC)


def sittings(*percents: str | None) -> list[HandedIn]:
    """In this order, a day apart."""
    return [
        HandedIn(new_id(), BEGAN + timedelta(days=day), None if percent is None else Decimal(percent))
        for day, percent in enumerate(percents)
    ]


@pytest.mark.parametrize(
    ("rule", "percents", "place"),
    [
        (Counting.BEST, ["40", "80", "60"], 1),
        (Counting.BEST, ["80", "80.0"], 0),
        (Counting.BEST, [None, "0"], 1),
        (Counting.BEST, [None, None], 0),
        (Counting.LAST, ["80", "40", None], 2),
        (Counting.FIRST, ["40", "80"], 0),
    ],
)
def test_one_counts(rule: Counting, percents: list[str | None], place: int) -> None:
    made = sittings(*percents)

    assert counting(rule, list(reversed(made))) == made[place].attempt_id


def test_of_none_none_counts() -> None:
    assert counting(Counting.BEST, []) is None
