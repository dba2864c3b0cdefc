"""Words for how often and when."""

from datetime import UTC, datetime

_FEW = {1: "once", 2: "twice"}


def times(count: int) -> str:
    """`once`, `twice`, `3 times`."""
    return _FEW.get(count, f"{count} times")


def on(at: datetime) -> str:
    """`on 28 November 2026 at 14:19 UTC`."""
    return f"on {at.astimezone(UTC):%-d %B %Y at %H:%M} UTC"
