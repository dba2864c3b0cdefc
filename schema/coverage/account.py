"""The account of an attempt's pictures, kept by whoever analyses them: when there were some, and why there were none.

It is made of the records in their order and nothing else, so that analysing them elsewhere gives the same account.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from schema.coverage.run import Run, joined
from schema.model import Message
from schema.record import (
    BrowserEvent,
    BrowserEventKind,
    ConnectionFact,
    ConnectionFactKind,
    Record,
    RecordKind,
)

MOST_RUNS = 400  # beyond that the nearest two are taken together; an honest stream has a few
MOST_STRETCHES = 400
COME_BACK = timedelta(
    seconds=60
)  # whoever found the server gone needs a while to return: that is the server's too


# What is written after a restart does not know which interval was asked for.
_TELLS_INTERVAL = {ConnectionFactKind.OPENED, ConnectionFactKind.PACED, ConnectionFactKind.QUIET}


class Away(StrEnum):
    """Why no picture could come, as records say it."""

    CONNECTION = "connection"
    SERVER = "server"
    CAMERA = "camera"


class Stretch(NamedTuple):
    """No picture could come; `end` is None while it lasts."""

    why: Away
    start: datetime
    end: datetime | None


class CoverageAccount(Message):
    """Runs of pictures, and stretches without any with their reason.

    `interval_ms` is how often pictures are wanted now, `first_at` when the browser connected first, `latest_at` when
    the newest record arrived, `lost` how many accepted records cannot be read any more, `is_whole` whether the account
    goes back to the first record.
    """

    runs: tuple[Run, ...] = ()
    away: tuple[Stretch, ...] = ()
    interval_ms: int = 1000
    frames: int = 0
    lost: int = 0
    first_at: datetime | None = None
    latest_at: datetime | None = None
    is_whole: bool = True

    def adding(self, records: Iterable[Record]) -> "CoverageAccount":
        """The account with these records too."""
        ledger = _Ledger(self)
        for record in records:
            ledger.take(record)
        return ledger.account()


class _Ledger:
    """An account that is being written."""

    def __init__(self, account: CoverageAccount) -> None:
        self._account = account
        self._runs = list(account.runs)
        self._away = list(account.away)
        self._interval_ms = account.interval_ms
        self._frames = account.frames
        self._lost = account.lost
        self._first_at = account.first_at
        self._latest_at = account.latest_at

    def take(self, record: Record) -> None:
        """One record; a picture stands for when it was taken, never for later than it arrived."""
        if record.kind is RecordKind.FRAME:
            self._frames += 1
            self._runs = joined(self._runs, min(record.captured_at, record.received_at), self._interval_ms)
        elif record.kind is RecordKind.CONNECTION:
            self._learn(ConnectionFact.model_validate_json(record.body), record.captured_at)
        elif record.kind is RecordKind.BROWSER_EVENT:
            self._notice(BrowserEvent.model_validate_json(record.body), record.captured_at)
        self._latest_at = record.received_at

    def account(self) -> CoverageAccount:
        """What was written, bounded."""
        while len(self._runs) > MOST_RUNS:
            near = min(
                range(len(self._runs) - 1),
                key=lambda place: self._runs[place + 1].start - self._runs[place].end,
            )
            self._runs[near : near + 2] = [self._runs[near].with_next(self._runs[near + 1])]
        return self._account.model_copy(
            update={
                "runs": tuple(self._runs),
                "away": tuple(self._away[-MOST_STRETCHES:]),
                "interval_ms": self._interval_ms,
                "frames": self._frames,
                "lost": self._lost,
                "first_at": self._first_at,
                "latest_at": self._latest_at,
            }
        )

    def _learn(self, fact: ConnectionFact, at: datetime) -> None:
        if fact.kind is ConnectionFactKind.RECORDS_LOST:
            self._lost += fact.lost
        if fact.kind in _TELLS_INTERVAL:
            self._interval_ms = fact.interval_ms
        if fact.kind is ConnectionFactKind.OPENED:
            self._first_at = self._first_at or at
            self._end(Away.SERVER, at)
            self._end(Away.CONNECTION, at)
        elif fact.kind is ConnectionFactKind.CLOSED:
            self._begin(Away.CONNECTION, at)
        elif fact.kind is ConnectionFactKind.SERVER_RESTARTED:
            self._away.append(Stretch(Away.SERVER, self._latest_at or at, at + COME_BACK))

    def _notice(self, event: BrowserEvent, at: datetime) -> None:
        if event.kind is BrowserEventKind.TRACK_ENDED:
            self._begin(Away.CAMERA, at)
        elif event.kind is BrowserEventKind.TRACK_STARTED:
            self._end(Away.CAMERA, at)

    def _begin(self, why: Away, at: datetime) -> None:
        if all(one.why is not why or one.end is not None for one in self._away):
            self._away.append(Stretch(why, at, None))

    def _end(self, why: Away, at: datetime) -> None:
        self._away = [
            one._replace(end=max(at, one.start)) if one.why is why and _lasts(one, at) else one
            for one in self._away
        ]


def _lasts(stretch: Stretch, at: datetime) -> bool:
    return stretch.end is None or stretch.end > at
