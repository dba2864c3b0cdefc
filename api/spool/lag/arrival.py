"""When the records arrived that no detector has looked at yet: what an attempt's lag is counted from."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

MOST = 50_000  # records; beyond that the oldest stays and those after it are forgotten


@dataclass(frozen=True, slots=True)
class Arrival:
    """One record."""

    offset: int
    at: datetime
    is_frame: bool


class Arrivals:
    """In order of offsets; records of a node that was restarted are not known to it any more."""

    def __init__(self) -> None:
        self._waiting: deque[Arrival] = deque()
        self._frames = 0

    def add(self, arrival: Arrival) -> None:
        """A record was accepted."""
        if len(self._waiting) < MOST:
            self._waiting.append(arrival)
        self._frames += arrival.is_frame

    def drop(self, offset: int) -> None:
        """Everything up to this offset is analysed."""
        while self._waiting and self._waiting[0].offset <= offset:
            self._frames -= self._waiting.popleft().is_frame
        if not self._waiting:
            self._frames = 0

    @property
    def oldest(self) -> Arrival | None:
        """The one that waits longest."""
        return self._waiting[0] if self._waiting else None

    @property
    def frames(self) -> int:
        """How many frames wait."""
        return self._frames

    def __bool__(self) -> bool:
        return bool(self._waiting)
