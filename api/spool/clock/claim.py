"""Whether the time that a browser claims for a record can be true, and what is believed instead where it cannot.

A record is never lost for its time: what cannot be believed counts as of its arrival. A record may be late by as much
as its connection was: while nothing came, or came slower than it was recorded, the browser's spool grew by so much.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from schema.stream import TICKET_LIFE

LIVE = timedelta(seconds=5)  # between a record's time and its arrival, without a gap
BACKWARDS = timedelta(seconds=2)  # a page that was loaded again measures the server's clock again
STILL = timedelta(seconds=0.5)  # two pictures this far apart have two times
NONE = timedelta()
_BRISK = (0.75, 1.1)  # of an interval: as fast as it was recorded


class Doubt(StrEnum):
    """Why a claim is not believed."""

    AHEAD = "ahead"
    LATE = "late"
    BEFORE = "before"
    FROZEN = "frozen"
    BACKWARDS = "backwards"


@dataclass(frozen=True, slots=True)
class Claim:
    """When the record was made, as far as it is believed; `off` is how far the claim lies after the arrival."""

    at: datetime
    off: timedelta = NONE
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class _Latest:
    seq: int
    claimed: datetime
    at: datetime
    arrived: datetime


class ClaimCheck:
    """Follows one attempt's records, in the order of their arrival; all times by the node's steady clock."""

    def __init__(self) -> None:
        self.since: datetime | None = None
        self._arrived: datetime | None = None
        self._excuse = NONE  # so much later than LIVE a record may be
        self._latest: dict[UUID, _Latest] = {}

    def connected(self, since: datetime, now: datetime) -> None:
        """A stream begins: what was recorded since the last record came, or since the ticket, is on its way."""
        self.since = since
        self._excuse += now - (self._arrived or since - TICKET_LIFE)
        self._arrived = now

    def judge(
        self, key: tuple[UUID, int], claimed: datetime, now: datetime, interval: timedelta, apart: timedelta
    ) -> Claim:
        """What to believe. `apart` is how far the machine's clock was set ahead: browsers that go by it do no wrong."""
        self._note_spacing(now, interval)
        read = [(when, self._doubt(key, when, now)) for when in (claimed, claimed - apart)]
        when, doubt = next((pair for pair in read if pair[1] is None), read[0])
        claim = Claim(min(when, now)) if doubt is None else Claim(now, when - now, doubt)
        self._note(key, when, claim, now, interval)
        return claim

    def _note_spacing(self, now: datetime, interval: timedelta) -> None:
        spacing = now - self._arrived if self._arrived else NONE
        self._excuse += max(NONE, spacing - interval)

    def _doubt(self, key: tuple[UUID, int], when: datetime, now: datetime) -> Doubt | None:
        if when > now + LIVE:
            return Doubt.AHEAD
        if self.since is not None and when < self.since - TICKET_LIFE:
            return Doubt.BEFORE
        before = self._latest.get(key[0])
        if before is not None and key[1] > before.seq:
            if when < before.at - BACKWARDS:
                return Doubt.BACKWARDS
            if when == before.claimed and now - before.arrived >= STILL:
                return Doubt.FROZEN
        return Doubt.LATE if now - when > LIVE + self._excuse else None

    def _note(
        self, key: tuple[UUID, int], when: datetime, claim: Claim, now: datetime, interval: timedelta
    ) -> None:
        spacing = now - self._arrived if self._arrived else NONE
        lateness = max(NONE, now - claim.at)
        if claim.doubt is None:
            self._excuse = min(self._excuse, lateness)
        if _BRISK[0] * interval <= spacing <= _BRISK[1] * interval and lateness > LIVE:
            # The connection keeps up with the camera: a spool that waits would come at once behind this one.
            self._excuse = max(NONE, self._excuse - spacing)
        self._arrived = now
        before = self._latest.get(key[0])
        if before is None or key[1] > before.seq:
            newest = min(when, now) if before is None else max(before.at, min(when, now))
            self._latest[key[0]] = _Latest(key[1], when, newest, now)
