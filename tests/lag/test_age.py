"""Lag: the age of the oldest accepted record that nobody has looked at, from what node and detector wrote down."""

from datetime import UTC, datetime, timedelta

from schema.lag.age import Accepted, Analysed, lag_of, waiting_frames

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


def lag(accepted: Accepted, analysed: Analysed, now: float = 100) -> float:
    return lag_of(accepted, analysed, at(now)).total_seconds()


def test_nothing_accepted_or_all_analysed_is_no_lag() -> None:
    assert lag(Accepted(None, None), Analysed()) == 0
    assert lag(Accepted(7, at(3), 5, at(1), 3), Analysed(7, at(3))) == 0


def test_the_oldest_that_waits_counts_however_new_the_newest_is() -> None:
    accepted = Accepted(
        last_offset=99, last_at=at(99), waiting_offset=40, waiting_since=at(40), waiting_frames=60
    )

    assert lag(accepted, Analysed(39, at(39))) == 60
    assert waiting_frames(accepted, Analysed(39, at(39))) == 60


def test_where_nobody_has_begun_it_counts_from_the_first_record() -> None:
    assert lag(Accepted(9, at(9), 1, at(0), 9), Analysed()) == 100


def test_while_it_catches_up_between_two_looks_it_counts_from_the_last_one_analysed() -> None:
    accepted = Accepted(
        last_offset=99, last_at=at(99), waiting_offset=40, waiting_since=at(40), waiting_frames=60
    )

    assert lag(accepted, Analysed(80, at(80))) == 20


def test_a_gap_of_the_stream_is_no_lag() -> None:
    """After ten minutes without a connection the first record that comes waits for a moment only."""
    accepted = Accepted(last_offset=2**32 + 1, last_at=at(99), waiting_offset=2**32 + 1, waiting_since=at(99))

    assert lag(accepted, Analysed(30, at(-600))) == 1


def test_it_grows_with_time_alone() -> None:
    accepted = Accepted(last_offset=40, last_at=at(40), waiting_offset=40, waiting_since=at(40))

    assert [lag(accepted, Analysed(39, at(39)), now) for now in (41, 50, 60)] == [1, 10, 20]
