"""Rules that could not be judged in time say so."""

from datetime import UTC, datetime, timedelta

from schema.lag.late import late_by

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_what_a_detector_that_keeps_up_finds_is_in_time() -> None:
    assert late_by(NOON, NOON + timedelta(seconds=5)) is None


def test_what_is_found_long_after_its_picture_says_by_how_much() -> None:
    assert late_by(NOON, NOON + timedelta(seconds=75.04)) == 75.0
