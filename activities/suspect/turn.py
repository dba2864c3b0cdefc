"""One attempt's turn at the detectors: few enough records that another's never wait long for them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from activities.ports import Watcher
from activities.suspect.frames import SuspectFrames
from schema.analysis import Analysis
from schema.record import Record

TURN_BYTES = (
    120_000  # a turn costs what its pictures weigh: three or four ordinary ones, or one of the largest
)
TURN_RECORDS = 10


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


class WatchedTurns:
    """Hands turns to the detectors of this process; runs in its inference thread."""

    def __init__(self, attempt_id: UUID, watcher: Watcher, suspects: SuspectFrames | None) -> None:
        self._attempt_id = attempt_id
        self._watcher = watcher
        self._suspects = suspects

    def cut(self, records: Sequence[Record]) -> Iterator[Sequence[Record]]:
        """See `turns`."""
        suspects = self._suspects
        return turns(
            records, lambda one: suspects is not None and suspects.is_suspect(self._attempt_id, one.offset)
        )

    def take(self, state: bytes | None, turn: Sequence[Record]) -> Analysis:
        """Analyse one turn; a record that is set aside counts as unreadable, for it has no picture any more."""
        if self._suspects is None:
            return self._watcher.analyse(state, turn)
        if len(turn) == 1 and self._suspects.is_set_aside(self._attempt_id, turn[0].offset):
            return self._watcher.analyse(state, [replace(turn[0], body=b"")])
        with self._suspects.handing(self._attempt_id, turn[0].offset, turn[-1].offset):
            return self._watcher.analyse(state, turn)
