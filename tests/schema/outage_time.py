"""Moments of the tests of outages."""

from datetime import UTC, datetime, timedelta

from schema.outage.interval import Interval

ZERO = datetime(2026, 11, 22, 9, tzinfo=UTC)


def at(second: float) -> datetime:
    """So many seconds after nine."""
    return ZERO + timedelta(seconds=second)


def span(start: float, end: float) -> Interval:
    """From one second to another."""
    return Interval(start=at(start), end=at(end))
