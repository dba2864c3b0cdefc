"""Figures of many trials: precision, recall, false incidents an hour and time to open, with their intervals."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from statistics import median

from ml.evaluation.tally import count_interval, share_interval
from ml.evaluation.trial import StreamTrial, dwell
from schema.incident import DetectionPolicy, IncidentKind


@dataclass(frozen=True, slots=True)
class Figure:
    """How one kind of incident did in one part of the material; intervals are of 95 %."""

    way: str
    preset: str
    kind: str
    by: str  # "all", "brightness", "size" or "group"
    part: str
    found: int
    missed: int
    false: int
    recall: float | None
    recall_interval: tuple[float, float]
    precision: float | None
    precision_interval: tuple[float, float]
    hours: float
    false_an_hour: float
    false_interval: tuple[float, float]
    opened_after_s: float | None  # median beyond the dwell

    def row(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def figures(way: str, policy: DetectionPolicy, trials: list[StreamTrial]) -> Iterator[Figure]:
    """A figure per kind for all of it, then per kind and part by brightness, size and group where these are given."""
    for kind in _kinds(trials):
        yield _figure(way, policy, kind, ("all", ""), trials)
        for by in ("brightness", "size", "group"):
            for part in sorted({name for trial in trials for name in _parts(trial, kind, by)} - {""}):
                chosen = [trial for trial in trials if part in _parts(trial, kind, by)]
                yield _figure(way, policy, kind, (by, part), chosen)


def _kinds(trials: list[StreamTrial]) -> list[IncidentKind]:
    expected = {e.kind for trial in trials for e in trial.stream.expected}
    raised = {r.incident.kind for trial in trials for r in trial.raised}
    return sorted(expected | raised)


def _parts(trial: StreamTrial, kind: IncidentKind, by: str) -> set[str]:
    if by == "size":
        return {e.size for e in trial.stream.expected if e.kind is kind}
    return {str(getattr(trial.stream, by))}


def _figure(
    way: str, policy: DetectionPolicy, kind: IncidentKind, where: tuple[str, str], trials: list[StreamTrial]
) -> Figure:
    by, part = where
    sized = part if by == "size" else None
    hits = [hit for t in trials for hit in t.found if hit[0].kind is kind and sized in (None, hit[0].size)]
    missed = sum(e.kind is kind and sized in (None, e.size) for t in trials for e in t.missed)
    false = sum(r.incident.kind is kind for t in trials for r in t.false)
    hours = sum(t.seconds for t in trials) / 3600
    delays = [raised.opened - expected.start - dwell(kind, policy) for expected, raised in hits]
    right = len(hits)
    return Figure(
        way=way,
        preset=policy.preset.value,
        kind=kind.value,
        by=by,
        part=part,
        found=right,
        missed=missed,
        false=false,
        recall=_share(right, right + missed),
        recall_interval=share_interval(right, right + missed),
        precision=_share(right, right + false),
        precision_interval=share_interval(right, right + false),
        hours=hours,
        false_an_hour=false / hours if hours else 0.0,
        false_interval=_rates(false, hours),
        opened_after_s=median(delays) if delays else None,
    )


def cost_a_frame(trials: Iterable[StreamTrial]) -> float:
    """Milliseconds of processor time a frame, from JPEG to incident."""
    kept = list(trials)
    frames = sum(trial.seconds / trial.stream.interval for trial in kept)
    return sum(trial.cost_ms for trial in kept) / frames if frames else 0.0


def _share(part: int, of: int) -> float | None:
    return part / of if of else None


def _rates(events: int, hours: float) -> tuple[float, float]:
    low, high = count_interval(events)
    return (low / hours, high / hours) if hours else (0.0, 0.0)
