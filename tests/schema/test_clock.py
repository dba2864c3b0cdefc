"""The clock: deadline = start + duration + extra + stopped, to the second."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.clock import ExamClock, to_second

START = datetime(2026, 11, 22, 10, 0, 0, 250_000, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def running() -> ExamClock:
    return ExamClock(allowed=HOUR).start(START)


def test_nothing_is_due_before_the_start() -> None:
    clock = ExamClock(allowed=HOUR)

    assert clock.deadline_at is None
    assert not clock.is_running
    assert clock.remaining(START) == HOUR


def test_the_deadline_is_to_the_second() -> None:
    assert running().deadline_at == datetime(2026, 11, 22, 11, tzinfo=UTC)


def test_extra_time_moves_it() -> None:
    clock = running().extend(2 * MINUTE)

    assert clock.deadline_at == datetime(2026, 11, 22, 11, 2, tzinfo=UTC)
    assert clock.version == 2


def test_while_it_stands_nothing_is_due_and_nothing_is_lost() -> None:
    stopped = running().stop(START + 10 * MINUTE)

    assert stopped.deadline_at is None
    assert stopped.remaining(START + 50 * MINUTE) == 50 * MINUTE
    assert stopped.stop(START + 20 * MINUTE) is stopped


def test_going_on_gives_the_time_back() -> None:
    clock = running().stop(START + 10 * MINUTE).go_on(START + 25 * MINUTE)

    assert clock.deadline_at == datetime(2026, 11, 22, 11, 15, tzinfo=UTC)
    assert clock.stopped == 15 * MINUTE
    assert clock.go_on(START + 30 * MINUTE) is clock


def test_a_cap_ends_every_deadline() -> None:
    cap = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
    clock = ExamClock(allowed=HOUR, cap=cap).start(START).extend(HOUR)

    assert clock.deadline_at == cap
    assert clock.remaining(START) < HOUR


def test_nothing_remains_after_the_deadline() -> None:
    assert running().remaining(START + 2 * HOUR) == timedelta(0)


@given(
    st.lists(
        st.tuples(st.sampled_from(["extend", "stop", "go_on"]), st.integers(min_value=0, max_value=600)),
        max_size=30,
    )
)
def test_whatever_happens_time_is_neither_lost_nor_won(changes: list[tuple[str, int]]) -> None:
    clock, now, extra, stood, since = running(), to_second(START), timedelta(0), timedelta(0), None

    for what, seconds in changes:
        now += timedelta(seconds=seconds)
        if what == "extend":
            clock, extra = clock.extend(MINUTE), extra + MINUTE
        elif what == "stop" and since is None:
            clock, since = clock.stop(now), now
        elif what == "go_on" and since is not None:
            clock, stood, since = clock.go_on(now), stood + (now - since), None

    if since is not None:
        clock, stood = clock.go_on(now), stood + (now - since)
    assert clock.deadline_at == to_second(START) + HOUR + extra + stood


@pytest.mark.parametrize("microseconds", [0, 1, 999_999])
def test_seconds_are_whole(microseconds: int) -> None:
    assert to_second(START.replace(microsecond=microseconds)).microsecond == 0
