"""The report as one HTML file: figures, and a picture of each mistake."""

import base64
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import jinja2
import numpy as np

from ml.drawing import draw_boxes
from ml.evaluation.figure import Figure
from ml.evaluation.trial import StreamTrial
from ml.frame import decode, encode

_SIZE = (320, 240)
_MOST = 200  # pictures; a page with more is one that nobody reads


@dataclass(frozen=True, slots=True)
class Mistake:
    """An incident that accuses wrongly, or one that is missing, with a picture of it."""

    way: str
    preset: str
    stream: str
    text: str
    picture: str  # as data URI


@dataclass(frozen=True, slots=True)
class Cost:
    """What a way costs."""

    way: str
    preset: str
    frame_ms: float


def mistakes(way: str, preset: str, trials: Iterable[StreamTrial]) -> list[Mistake]:
    """Each mistake of these trials, the false before the missed."""
    false, missed = [], []
    for trial in trials:
        for raised in trial.false:
            boxes = next((e.boxes for e in raised.incident.evidence if e.boxes), ())
            incident = raised.incident
            text = f"false {incident.kind} at {raised.opened:g} s ({incident.severity}): {incident.rule}"
            shown = _shown(trial, raised.opened, boxes)
            false.append(Mistake(way, preset, trial.stream.name, text, shown))
        for expected in trial.missed:
            end = min(expected.end, trial.seconds)
            text = f"missed {expected.kind} from {expected.start:g} to {end:g} s {expected.size}"
            shown = _shown(trial, (expected.start + end) / 2, ())
            missed.append(Mistake(way, preset, trial.stream.name, text, shown))
    return (false + missed)[:_MOST]


def write_page(path: Path, models: str, found: list[Figure], costs: list[Cost], wrong: list[Mistake]) -> None:
    """Write the page."""
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    page = environment.get_template("page.html.j2").render(
        models=models, figures=found, costs=costs, mistakes=wrong
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def _shown(
    trial: StreamTrial, second: float, boxes: Iterable[tuple[str, float, float, float, float, float]]
) -> str:
    number = round(second / trial.stream.interval)
    jpeg = next(iter(itertools.islice(trial.stream.frames(), number, None)), b"")
    pixels = decode(draw_boxes(jpeg, boxes)) if jpeg and decode(jpeg) is not None else None
    if pixels is None:
        return ""
    small = np.asarray(cv2.resize(pixels, _SIZE, interpolation=cv2.INTER_AREA), np.uint8)
    return "data:image/jpeg;base64," + base64.b64encode(encode(small, 70)).decode()
