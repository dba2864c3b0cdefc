"""Streams whose content people know: clips or folders of frames, and a CSV that says what happens in them when."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from ml.clip import fitted
from ml.frame import Pixels, decode, encode
from schema.incident import IncidentKind

VIDEOS = {".mkv", ".mp4", ".webm", ".avi", ".mov", ".gif", ".mjpeg"}
PICTURES = {".jpg", ".jpeg"}
STILL_FRAMES = 20  # of a single picture, shown as a webcam would: with its sensor's noise
SENSOR_NOISE = 2.0


@dataclass(frozen=True, slots=True)
class Expected:
    """What should be found: a kind of incident from second to second, and what it is sorted by."""

    kind: IncidentKind
    start: float
    end: float
    size: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """JPEG frames of one candidate, `interval` seconds apart, with what happens in them; nothing is innocent."""

    name: str
    frames: Callable[[], Iterable[bytes]]
    expected: tuple[Expected, ...] = ()
    interval: float = 1.0
    brightness: str = ""
    group: str = ""


@dataclass(slots=True)
class _Rows:
    """The rows of one file."""

    expected: list[Expected] = field(default_factory=list)
    brightness: str = ""
    group: str = ""


class BadMaterial(ValueError):
    """A folder or CSV that cannot be evaluated; says which and why."""


def streams_in(folder: Path) -> list[Stream]:
    """The streams of this folder's CSV. Raises BadMaterial."""
    tables = sorted(folder.glob("*.csv"))
    if len(tables) != 1:
        raise BadMaterial(f"{folder} must hold exactly one CSV of intervals, and holds {len(tables)}")
    with tables[0].open(encoding="utf-8-sig", newline="") as rows:
        read = list(csv.DictReader(rows))
    if not read or "file" not in read[0]:
        raise BadMaterial(f"{tables[0]} needs a column `file` and a row for each stream")
    return [_stream(folder, name, found) for name, found in _by_file(read).items()]


def _by_file(rows: Iterable[dict[str, str]]) -> dict[str, _Rows]:
    files: dict[str, _Rows] = {}
    for number, row in enumerate(rows, start=2):
        known = files.setdefault(row["file"].strip(), _Rows())
        known.brightness = known.brightness or (row.get("brightness") or "").strip()
        known.group = known.group or (row.get("group") or "").strip()
        known.expected += _expected(number, row)
    return files


def _expected(number: int, row: dict[str, str]) -> list[Expected]:
    kind = (row.get("kind") or "").strip().lower()
    if kind in {"", "none", "innocent"}:
        return []
    try:
        times = float(row.get("start_s") or 0), float(row.get("end_s") or "inf")
        return [Expected(IncidentKind(kind), *times, size=(row.get("size") or "").strip())]
    except ValueError as error:
        raise BadMaterial(f"line {number}: {error}") from error


def _stream(folder: Path, name: str, rows: _Rows) -> Stream:
    path = folder / name
    if path.is_dir():
        frames = _folder_of_frames(path)
    elif path.suffix.lower() in PICTURES:
        frames = _still(path)
    elif path.suffix.lower() in VIDEOS and path.exists():
        frames = _video(path)
    else:
        raise BadMaterial(f"{path} is neither a video, nor a JPEG, nor a folder of JPEGs")
    return Stream(name, frames, tuple(rows.expected), brightness=rows.brightness, group=rows.group)


def _folder_of_frames(path: Path) -> Callable[[], Iterable[bytes]]:
    names = sorted(found for found in path.iterdir() if found.suffix.lower() in PICTURES)
    if not names:
        raise BadMaterial(f"{path} holds no JPEG")
    return lambda: (found.read_bytes() for found in names)


def _video(path: Path) -> Callable[[], Iterable[bytes]]:
    return lambda: map(encode, sampled(path))


def sampled(path: Path, interval: float = 1.0) -> Iterator[Pixels]:
    """A picture each `interval` seconds of the film, as a webcam of 640x480 shows it: letterboxed, never squeezed."""
    film = cv2.VideoCapture(str(path))
    rate = film.get(cv2.CAP_PROP_FPS) or 25.0
    number, due = 0, 0.0
    while film.grab():
        if number / rate >= due:
            yield fitted(np.asarray(film.retrieve()[1], np.uint8))
            due += interval
        number += 1


def _still(path: Path) -> Callable[[], Iterable[bytes]]:
    pixels = decode(path.read_bytes())
    if pixels is None:
        raise BadMaterial(f"{path} does not decode")
    return lambda: map(encode, alive(fitted(pixels), STILL_FRAMES))


def alive(pixels: Pixels, count: int, noise: float = SENSOR_NOISE, seed: int = 7) -> Iterator[Pixels]:
    """A still picture as a camera sees it: the same each time but for its sensor's noise."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        grain = random.normal(0, noise, pixels.shape).astype(np.float32)
        yield np.clip(pixels + grain, 0, 255).astype(np.uint8)
