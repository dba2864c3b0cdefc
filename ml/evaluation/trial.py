"""One way of detecting, tried on one stream: which incidents it raised, which were right, what it cost."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ml.build import Analysts
from ml.detector import Detectors
from ml.evaluation.material import Expected, Stream
from ml.evaluation.remembered import Notebook, remembering
from schema.analysis import ChangeKind
from schema.incident import DetectionPolicy, Incident, IncidentKind, Severity
from schema.record import Record, RecordKind

_START = datetime(2026, 1, 1, tzinfo=UTC)
_ATTEMPT = UUID(int=1)
LATE = 6.0  # seconds after the end in which an incident of it may still open: dwell and leaving times
EARLY = 1.0


@dataclass(frozen=True, slots=True)
class Raised:
    """An incident, and the seconds of the stream at which it began and was opened."""

    incident: Incident
    began: float
    opened: float


@dataclass(slots=True)
class StreamTrial:
    """What came of a stream. `cost_ms` is processor time, the looks' as measured when they were taken."""

    stream: Stream
    seconds: float
    cost_ms: float
    raised: list[Raised] = field(default_factory=list)
    found: list[tuple[Expected, Raised]] = field(default_factory=list)
    missed: list[Expected] = field(default_factory=list)
    false: list[Raised] = field(default_factory=list)


def tried(stream: Stream, policy: DetectionPolicy, detectors: Detectors, notebook: Notebook) -> StreamTrial:
    """Analyse the stream from JPEG to incident; technical incidents accuse nobody and count for nothing."""
    watcher = Analysts(remembering(detectors, notebook)).watcher(_ATTEMPT, policy)
    records = list(_records(stream))
    looked, spent, begun = notebook.looked_ms, notebook.spent_ms, time.thread_time()
    analysis = watcher.analyse(None, records)
    own = 1000 * (time.thread_time() - begun) - (notebook.spent_ms - spent)
    trial = StreamTrial(stream, len(records) * stream.interval, own + notebook.looked_ms - looked)
    opened = {c.incident.incident_id: c.incident for c in analysis.changes if c.change is ChangeKind.OPENED}
    latest = opened | {c.incident.incident_id: c.incident for c in analysis.changes}
    trial.raised = [
        Raised(incident, _second(incident.started_at), incident.opening_offset * stream.interval)
        for incident in latest.values()
        if incident.severity is not Severity.TECHNICAL
    ]
    _match(trial)
    return trial


def dwell(kind: IncidentKind, policy: DetectionPolicy) -> float:
    """Seconds that the exam itself asks to wait before an incident of this kind opens."""
    waits = {
        IncidentKind.FACE_ABSENT: policy.face_absent_after,
        IncidentKind.WEBCAM_DISABLED: policy.blocked_after,
        IncidentKind.LOOKING_AWAY: policy.looking_away_after,
    }
    return waits.get(kind, timedelta(0)).total_seconds()


def _match(trial: StreamTrial) -> None:
    for expected in trial.stream.expected:
        hit = next((raised for raised in trial.raised if _is_of(raised, expected)), None)
        if hit is None:
            trial.missed.append(expected)
        else:
            trial.found.append((expected, hit))
    trial.false = [
        raised for raised in trial.raised if not any(_is_of(raised, e) for e in trial.stream.expected)
    ]


def _is_of(raised: Raised, expected: Expected) -> bool:
    in_time = expected.start - EARLY <= raised.opened and raised.began <= expected.end + LATE
    return raised.incident.kind is expected.kind and in_time


def _records(stream: Stream) -> Iterator[Record]:
    for number, jpeg in enumerate(stream.frames()):
        at = _START + timedelta(seconds=number * stream.interval)
        yield Record(number, RecordKind.FRAME, _ATTEMPT, number, at, at, jpeg)


def _second(instant: datetime) -> float:
    return (instant - _START).total_seconds()
