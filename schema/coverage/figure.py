"""Coverage: the share of the time the clock ran for which there is an analysed picture, and why there was none.

Pure: from the clock, the account of the pictures and what the platform recorded of its own outages.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from schema.clock import ExamClock
from schema.coverage.account import Away, CoverageAccount, Stretch
from schema.coverage.run import Run
from schema.model import Message
from schema.outage.interval import Interval, Intervals, intersect, subtract, total, union
from schema.stream import Presence

START_GRACE = timedelta(seconds=10)  # until the first picture: camera and connection are being opened
FEW_FRAMES = 3  # so many missing ones never make a review
NOTHING = timedelta(0)


class Party(StrEnum):
    """Whose doing it was that pictures are missing."""

    STUDENT = "student"
    NETWORK = "network"
    PLATFORM = "platform"


class CoverageCause(StrEnum):
    """Why pictures are missing."""

    NEVER_STREAMED = "never_streamed"
    SILENT = "silent"  # the connection stood and no picture came
    TOO_FEW = "too_few"  # they came less often than asked
    CAMERA_OFF = "camera_off"
    UNREADABLE = "unreadable"
    DISCONNECTED = "disconnected"
    SERVER = "server"  # the platform's outage, or its restart
    LOST = "lost"  # accepted, and lost before anybody looked
    NOT_ANALYSED = "not_analysed"  # accepted, and no detector has looked yet


PARTY: dict[CoverageCause, Party] = {
    CoverageCause.NEVER_STREAMED: Party.STUDENT,
    CoverageCause.SILENT: Party.STUDENT,
    CoverageCause.TOO_FEW: Party.STUDENT,
    CoverageCause.CAMERA_OFF: Party.STUDENT,
    CoverageCause.UNREADABLE: Party.STUDENT,
    CoverageCause.DISCONNECTED: Party.NETWORK,
    CoverageCause.SERVER: Party.PLATFORM,
    CoverageCause.LOST: Party.PLATFORM,
    CoverageCause.NOT_ANALYSED: Party.PLATFORM,
}

WORDS: dict[CoverageCause, str] = {
    CoverageCause.NEVER_STREAMED: "no picture was ever sent",
    CoverageCause.SILENT: "connected, but no picture came",
    CoverageCause.TOO_FEW: "pictures came less often than asked",
    CoverageCause.CAMERA_OFF: "the camera had stopped",
    CoverageCause.UNREADABLE: "pictures could not be read",
    CoverageCause.DISCONNECTED: "technical: the student's connection was lost",
    CoverageCause.SERVER: "technical: the platform did not serve (its own fault)",
    CoverageCause.LOST: "technical: the platform lost accepted pictures (its own fault)",
    CoverageCause.NOT_ANALYSED: "technical: no detector has looked yet (the platform's fault)",
}


class MissingFrames(Message):
    """Pictures that were due and are not there, for one reason. Technical: nobody's conduct."""

    cause: CoverageCause
    party: Party
    is_technical: bool
    frames: int
    seconds: float


class WatchCoverage(Message):
    """How much of an attempt was watched."""

    due: int = Field(description="Pictures due while the clock ran, at the interval asked for")
    sent: int = Field(description="Pictures of that time that the server accepted")
    analysed: int = Field(description="Those of them that a detector looked at and could read")
    unreadable: int = 0
    percent: float = Field(description="Share of that time for which there is an analysed picture, 0 to 100")
    minimum: float = Field(description="What the exam asks for; 0 asks for nothing")
    is_short: bool = Field(description="Below the minimum, or nothing was ever streamed")
    missing: tuple[MissingFrames, ...] = Field((), description="By cause, the most first")

    @property
    def is_technical(self) -> bool:
        """Whether all that is missing has technical causes."""
        return all(one.is_technical for one in self.missing)

    @property
    def words(self) -> str:
        """The figure and its causes in one line, for a move's reason and the report."""
        causes = "; ".join(f"{WORDS[one.cause]} ({one.seconds:.0f} s)" for one in self.missing)
        said = f"{self.percent:g} % of the exam was watched, {self.minimum:g} % is asked for"
        return f"{said}: {causes}" if causes else said


class StreamTail(Message):
    """What is known of a stream beyond its account: how the browser is there now, and what waits for analysis."""

    presence: Presence = Presence.CLOSED
    waiting_frames: int = 0
    lost_frames: int = 0
    unreadable: int = 0


def coverage_of(
    clock: ExamClock,
    until: datetime,
    account: CoverageAccount,
    tail: StreamTail,
    minimum: float,
    outages: Intervals = (),
) -> WatchCoverage | None:
    """None before the clock has started, and where the account does not go back to the beginning.

    `until` is now, or when the attempt was handed in. Time that the platform gave back was not due.
    """
    if clock.started_at is None or not account.is_whole:
        return None
    return _Measure(clock, until, account, tail, outages).coverage(minimum)


class _Measure:
    def __init__(
        self,
        clock: ExamClock,
        until: datetime,
        account: CoverageAccount,
        tail: StreamTail,
        outages: Intervals,
    ) -> None:
        self._account = account
        self._tail = tail
        self._outages = outages
        self._until = until
        ran = _running(clock, until)
        self._late = _lateness(ran, account)
        self._due = subtract(ran, self._late)
        self._interval = timedelta(milliseconds=account.interval_ms)

    def coverage(self, minimum: float) -> WatchCoverage:
        """The figures."""
        due = total(self._due)
        seen = [(total(intersect((run.stretch,), self._due)), run) for run in self._account.runs]
        covered = sum((length * run.density for length, run in seen), NOTHING)
        frames = sum(_share(length, run) for length, run in seen)
        unreadable = min(self._tail.unreadable, frames)
        covered = max(NOTHING, covered - unreadable * self._interval)
        missing = self._missing(seen, unreadable)
        has_streamed = self._account.frames + self._tail.waiting_frames > 0
        percent = _percent(covered, due) if has_streamed else 0.0
        if not has_streamed and not missing:  # of an attempt of a moment too
            missing = [self._entry(CoverageCause.NEVER_STREAMED, due)]
        few = due - covered <= FEW_FRAMES * self._interval
        return WatchCoverage(
            due=round(due / self._interval),
            sent=frames + self._tail.waiting_frames + self._tail.lost_frames,
            analysed=frames - unreadable,
            unreadable=unreadable,
            percent=percent,
            minimum=minimum,
            is_short=minimum > 0 and (not has_streamed or (percent < minimum and not few)),
            missing=tuple(sorted(missing, key=lambda one: -one.seconds)),
        )

    def _missing(self, seen: Sequence[tuple[timedelta, Run]], unreadable: int) -> list[MissingFrames]:
        gaps = subtract(self._due, [run.stretch for run in self._account.runs])
        found: dict[CoverageCause, timedelta] = {}
        for cause, stretches in self._reasons():
            found[cause] = total(intersect(gaps, stretches))
            gaps = subtract(gaps, stretches)
        for cause, frames in (
            (CoverageCause.LOST, self._tail.lost_frames + self._account.lost),
            (CoverageCause.NOT_ANALYSED, self._tail.waiting_frames),
        ):
            part = min(total(gaps) - found.get(CoverageCause.LOST, NOTHING), frames * self._interval)
            found[cause] = max(part, NOTHING)
        rest = total(gaps) - found[CoverageCause.LOST] - found[CoverageCause.NOT_ANALYSED]
        found[self._silence()] = found.get(self._silence(), NOTHING) + rest
        thin = sum((length * (1 - run.density) for length, run in seen), NOTHING)
        found[CoverageCause.TOO_FEW] = thin
        found[CoverageCause.UNREADABLE] = unreadable * self._interval
        return [self._entry(cause, time) for cause, time in found.items() if time >= self._interval / 2]

    def _reasons(self) -> list[tuple[CoverageCause, Intervals]]:
        """Stretches with their reason; the first that fits is the one: a server that is down explains the rest."""
        server = union((*self._outages, *self._away(Away.SERVER)))
        return [
            (CoverageCause.SERVER, server),
            (CoverageCause.CAMERA_OFF, self._away(Away.CAMERA)),
            (CoverageCause.DISCONNECTED, self._away(Away.CONNECTION)),
            (CoverageCause.NEVER_STREAMED, self._before_first()),
        ]

    def _away(self, why: Away) -> Intervals:
        return union(_ended(one, self._until) for one in self._account.away if one.why is why)

    def _before_first(self) -> Intervals:
        if not self._due or (self._account.frames and self._account.first_at is None):
            return ()
        first = self._account.first_at or self._until
        return union([Interval(start=self._due[0].start, end=first)])

    def _silence(self) -> CoverageCause:
        """What an open end without any other reason is."""
        if not self._account.frames and not self._tail.waiting_frames:
            return CoverageCause.NEVER_STREAMED
        return CoverageCause.SILENT

    def _entry(self, cause: CoverageCause, time: timedelta) -> MissingFrames:
        party = PARTY[cause]
        return MissingFrames(
            cause=cause,
            party=party,
            is_technical=party is not Party.STUDENT,
            frames=max(1, round(time / self._interval)),
            seconds=round(time.total_seconds(), 1),
        )


def _running(clock: ExamClock, until: datetime) -> Intervals:
    if clock.started_at is None:
        return ()
    end = min(until, clock.stopped_at or until)
    return subtract((Interval(start=clock.started_at, end=end),), (*clock.stands, *clock.returned))


def _lateness(ran: Intervals, account: CoverageAccount) -> Intervals:
    """The moment before the first picture, as far as it is taken for opening camera and connection."""
    if not ran or not account.runs:
        return ()
    began = ran[0].start
    first = account.runs[0].start
    return union([Interval(start=began, end=min(first, began + START_GRACE))])


def _ended(stretch: Stretch, until: datetime) -> Interval:
    return Interval(start=stretch.start, end=stretch.end or max(until, stretch.start))


def _share(length: timedelta, run: Run) -> int:
    """How many of a run's pictures fall into so much of it."""
    return round(run.frames * (length / run.stretch.length))


def _percent(covered: timedelta, due: timedelta) -> float:
    if due <= NOTHING:
        return 100.0
    return int(min(1.0, covered / due) * 1000) / 10
