"""Folds each record into what is known of the stream itself."""

from datetime import timedelta

from ml.engine.memory import StreamMemory
from ml.engine.observation import Observation
from schema.record import BrowserEventKind, ConnectionFact, ConnectionFactKind

# A window that loses its focus because its tab was hidden loses it within this time.
SHADOW = timedelta(seconds=1)

_SOMETHING_CAME = {ConnectionFactKind.OPENED, ConnectionFactKind.SERVER_RESTARTED}


def note(stream: StreamMemory, now: Observation) -> None:
    """Remember what this record says of interval, silence and the tab. Frames as evidence are noted after the rules."""
    if now.is_frame:
        stream.heard_at = now.received_at
    if now.fact is not None:
        _note_fact(stream, now, now.fact)
    if now.event is BrowserEventKind.TRACK_STARTED:
        stream.heard_at = now.received_at  # its first frame has the same time to come as any other
        stream.track_started_at = now.at
    if now.event is BrowserEventKind.TRACK_ENDED:
        stream.track_started_at = None
    if now.event is BrowserEventKind.TAB_HIDDEN:
        stream.hidden, stream.hidden_at = True, now.at
    if now.event is BrowserEventKind.TAB_VISIBLE:
        stream.hidden = False


def _note_fact(stream: StreamMemory, now: Observation, fact: ConnectionFact) -> None:
    stream.interval_ms = fact.interval_ms
    if fact.kind is ConnectionFactKind.ENDED:
        stream.hidden = False
    if fact.kind in _SOMETHING_CAME or stream.heard_at is None:
        stream.heard_at = now.received_at
