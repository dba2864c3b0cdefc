"""Folds each record into what is known of the stream itself."""

from datetime import timedelta

from ml.engine.memory import StreamMemory
from ml.engine.observation import TURNED_APART, Observation
from schema.incident import DetectionPolicy
from schema.record import BrowserEventKind, ConnectionFact, ConnectionFactKind

# A window that loses its focus because its tab was hidden loses it within this time.
SHADOW = timedelta(seconds=1)

_SOMETHING_CAME = {ConnectionFactKind.OPENED, ConnectionFactKind.SERVER_RESTARTED}


def note(stream: StreamMemory, now: Observation) -> None:
    """Remember what this record says of interval, silence and the tab. Frames as evidence are noted after the rules."""
    if now.is_frame:
        stream.heard_at = now.received_at
        stream.asked_before_ms, stream.asked_ms = stream.asked_ms, stream.interval_ms
    if now.is_screen:
        stream.screen_at = now.received_at
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


def note_sight(stream: StreamMemory, now: Observation, policy: DetectionPolicy) -> None:
    """Remember what this frame says of the light and of how the camera stands."""
    seen = now.detections
    if seen is None:
        return
    if seen.picture.brightness < policy.low_light_brightness:
        stream.dim_at = now.at
    if not (seen.quarters or seen.is_elsewhere):
        return
    is_again = stream.turned_at is not None and now.at - stream.turned_at <= TURNED_APART
    stream.turned_since = stream.turned_since if is_again else now.at
    stream.turned_at = now.at


def _note_fact(stream: StreamMemory, now: Observation, fact: ConnectionFact) -> None:
    stream.asked_ms = max(stream.asked_ms, stream.interval_ms, fact.interval_ms)
    stream.interval_ms = fact.interval_ms
    if fact.kind is ConnectionFactKind.ENDED:
        stream.hidden = False
    if fact.kind in _SOMETHING_CAME or stream.heard_at is None:
        stream.heard_at = now.received_at
    if fact.kind in _SOMETHING_CAME or stream.screen_at is None:
        stream.screen_at = now.received_at
