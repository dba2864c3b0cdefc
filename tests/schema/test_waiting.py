"""How long a seat is kept for somebody who moved up."""

from datetime import timedelta

import pytest

from schema.conduct import new_state
from schema.outage.interval import Interval
from schema.waiting import begin_waiting, kept_until, promote
from tests.contracts.builder import HOUR, a_hold, a_slot

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("before_start", "kept"),
    [
        (timedelta(days=5), 12 * HOUR),
        (36 * HOUR, 12 * HOUR),
        (30 * HOUR, 6 * HOUR),  # until the cut-off, 24 hours before
        (24 * HOUR + 3 * MINUTE, 10 * MINUTE),  # not less than any other hold
        (3 * HOUR, 10 * MINUTE),
        (4 * MINUTE, 4 * MINUTE),  # not beyond the start
    ],
)
def test_twelve_hours_or_until_the_cut_off_but_no_less_than_any_other_hold(
    before_start: timedelta, kept: timedelta
) -> None:
    attempt = a_hold(a_slot()).attempt
    now = attempt.slot.starts_at - before_start

    assert kept_until(attempt, attempt.slot, now) - now == kept


def test_a_seat_that_comes_after_the_start_because_of_an_outage_does_not_expire_at_once() -> None:
    attempt = a_hold(a_slot()).attempt
    starts = attempt.slot.starts_at
    state = new_state(attempt, starts - 10 * HOUR)
    begin_waiting(state)
    state.away = (Interval(start=starts - 5 * MINUTE, end=starts + 25 * MINUTE),)  # so the wait ends at +30

    promote(attempt, state, starts + 27 * MINUTE)

    assert state.hold_until == starts + 30 * MINUTE
