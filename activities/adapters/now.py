"""The time, as adapters that write it down are given it."""

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """The time of this machine, aware UTC."""
    return datetime.now(UTC)
