"""Lag: the age of the oldest accepted record that no detector has looked at yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LATE_AFTER = timedelta(seconds=6)  # a detector that keeps up writes down how far it is every three seconds
ALERT_AFTER = timedelta(seconds=10)  # operators are alerted
NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the node says of an attempt's stream, as of its last look a second or two ago.

    `waiting_offset` and `waiting_since` are of the oldest record that was not analysed then.
    """

    last_offset: int | None
    last_at: datetime | None
    waiting_offset: int | None = None
    waiting_since: datetime | None = None
    waiting_frames: int = 0


@dataclass(frozen=True, slots=True)
class Analysed:
    """How far a detector has written down that it is; `latest_at` is when its newest record had arrived."""

    offset: int = -1
    latest_at: datetime | None = None


def lag_of(accepted: Accepted, analysed: Analysed, now: datetime) -> timedelta:
    """Zero where everything is analysed. Never more than is known: between two looks of the node it may be less."""
    since = _waiting_since(accepted, analysed)
    return NONE if since is None else max(NONE, now - since)


def waiting_frames(accepted: Accepted, analysed: Analysed) -> int:
    """How many frames wait, as of the node's last look."""
    return 0 if _waiting_since(accepted, analysed) is None else accepted.waiting_frames


def _waiting_since(accepted: Accepted, analysed: Analysed) -> datetime | None:
    if accepted.last_offset is None or analysed.offset >= accepted.last_offset:
        return None
    if accepted.waiting_offset is not None and accepted.waiting_offset > analysed.offset:
        return accepted.waiting_since
    # Analysis has gone on since the node looked: what is next came after what it looked at last.
    return max(
        (at for at in (accepted.waiting_since, analysed.latest_at) if at is not None),
        default=accepted.last_at,
    )
