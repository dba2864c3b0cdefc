"""One attempt's turn at the detectors: few enough records that another's never wait long for them."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from activities.ports import Watcher
from activities.suspect.frames import SuspectFrames
from schema.analysis import Analysis
from schema.record import Record, RecordKind

log = logging.getLogger(__name__)

TURN_BYTES = (
    120_000  # a turn costs what its pictures weigh: three or four ordinary ones, or one of the largest
)
TURN_RECORDS = 10
MOST_FAILING = 3  # in a row: beyond that the detectors are broken, not the pictures


def turns(records: Sequence[Record], is_suspect: Callable[[Record], bool]) -> Iterator[Sequence[Record]]:
    """The records in their order, cut into turns; a suspect record has one of its own."""
    turn: list[Record] = []
    for record in records:
        weight = sum(len(one.body) for one in turn) + len(record.body)
        is_full = weight > TURN_BYTES or len(turn) == TURN_RECORDS
        if turn and (is_full or is_suspect(record) or is_suspect(turn[-1])):
            yield turn
            turn = []
        turn.append(record)
    if turn:
        yield turn


def joined(first: Analysis, second: Analysis) -> Analysis:
    """One analysis of both; the second went on from the first."""
    return Analysis(
        state=second.state,
        offset=second.offset,
        changes=first.changes + second.changes,
        frames=first.frames + second.frames,
        unreadable=first.unreadable + second.unreadable,
    )


@dataclass(slots=True)
class FailingFrames:
    """How many frames in a row, of whichever attempt, raised an error in this process."""

    in_a_row: int = 0


class WatchedTurns:
    """Hands turns to the detectors of this process; runs in its inference thread.

    A frame that raises an error counts as unreadable, so that it does not stop its attempt for good. Where one after
    another does, the error is passed on: no student's camera is blamed for detectors that are broken.
    """

    def __init__(
        self,
        attempt_id: UUID,
        watcher: Watcher,
        suspects: SuspectFrames | None,
        failing: FailingFrames | None = None,
    ) -> None:
        self._attempt_id = attempt_id
        self._watcher = watcher
        self._suspects = suspects
        self._failing = failing or FailingFrames()

    def cut(self, records: Sequence[Record]) -> Iterator[Sequence[Record]]:
        """See `turns`."""
        suspects = self._suspects
        return turns(
            records, lambda one: suspects is not None and suspects.is_suspect(self._attempt_id, one.offset)
        )

    def take(self, state: bytes | None, turn: Sequence[Record]) -> Analysis:
        """Analyse one turn; a record that is set aside counts as unreadable, for it has no picture any more."""
        if len(turn) > 1:
            try:
                return self._handed(state, turn)
            except Exception:
                log.exception("attempt %s: a turn failed and is taken one by one", self._attempt_id)
        analysis = self._one(state, turn[0])
        for record in turn[1:]:
            analysis = joined(analysis, self._one(analysis.state, record))
        return analysis

    def _one(self, state: bytes | None, record: Record) -> Analysis:
        unreadable = replace(record, body=b"")
        if self._suspects is not None and self._suspects.is_set_aside(self._attempt_id, record.offset):
            return self._watcher.analyse(state, [unreadable])
        try:
            return self._handed(state, [record])
        except Exception:
            if record.kind is not RecordKind.FRAME or self._failing.in_a_row >= MOST_FAILING:
                raise
            self._failing.in_a_row += 1
            log.exception(
                "attempt %s: frame %s failed, counts as unreadable", self._attempt_id, record.offset
            )
            return self._watcher.analyse(state, [unreadable])

    def _handed(self, state: bytes | None, turn: Sequence[Record]) -> Analysis:
        if self._suspects is None:
            analysis = self._watcher.analyse(state, turn)
        else:
            with self._suspects.handing(self._attempt_id, turn[0].offset, turn[-1].offset):
                analysis = self._watcher.analyse(state, turn)
        if any(record.kind is RecordKind.FRAME for record in turn):
            self._failing.in_a_row = 0
        return analysis
