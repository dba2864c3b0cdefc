"""How an attempt's clock ran, read from its row and its moves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from api.reservations.record_shape import ClockEntry, Stop
from schema.attempt import Verb
from schema.clock import to_second
from schema.db.tables.reservations import AttemptMove, AttemptRow

STOPPING = frozenset({Verb.PAUSE, Verb.TERMINATE})
ENDING = frozenset({Verb.RESUME, Verb.REACTIVATE, Verb.SUBMIT, Verb.VOID})
GIVING_BACK = frozenset({Verb.RESUME, Verb.REACTIVATE})


def clock_entry(row: AttemptRow, moves: Sequence[AttemptMove], duration: timedelta) -> ClockEntry:
    """`moves` are all of the attempt in their order; `duration` is the exam's."""
    mine = [move for move in moves if move.machine == "attempt"]
    stops, stopped = _stops(mine)
    extra = None
    if row.started_at is not None and row.deadline_at is not None:
        extra = row.deadline_at - row.started_at - duration - stopped
    return ClockEntry(
        duration=duration,
        started_at=row.started_at,
        deadline_at=row.deadline_at,
        stopped=stopped,
        extra=extra,
        extensions=sum(move.verb == Verb.EXTEND for move in mine),
        stops=stops,
    )


def _stops(moves: Sequence[AttemptMove]) -> tuple[list[Stop], timedelta]:
    """A pause that is terminated is one stop; so is the time from handing in until it was reopened."""
    stops: list[Stop] = []
    stopped = timedelta(0)
    handed_in: AttemptMove | None = None
    for move in moves:
        if move.verb == Verb.SUBMIT:
            handed_in = move
        if move.verb == Verb.REOPEN and handed_in is not None:
            stops.append(Stop(verb=Verb.SUBMIT, since=handed_in.at, until=move.at, reason=move.reason))
            stopped += to_second(move.at) - to_second(handed_in.at)
        stands = bool(stops) and stops[-1].until is None
        if move.verb in STOPPING and not stands:
            stops.append(Stop(verb=move.verb, since=move.at, until=None, reason=move.reason))
        elif move.verb in ENDING and stands:
            stops[-1] = stops[-1].model_copy(update={"until": move.at})
            stopped += _given_back(move, stops[-1].since)
    return stops, stopped


def _given_back(move: AttemptMove, since: datetime) -> timedelta:
    """To the second, as the clock counts (schema.clock); handing in while it stands gives nothing back."""
    return to_second(move.at) - to_second(since) if move.verb in GIVING_BACK else timedelta(0)
