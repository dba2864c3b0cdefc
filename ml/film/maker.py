"""Makes a film of an attempt's frames: each at its own time, and a card where there were none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from ml.film.vp8 import Vp8Coder, is_key
from ml.film.webm import Packet, WebmWriter
from ml.frame import Pixels
from schema.record import Record

SILENCE = timedelta(seconds=5)  # after which a card takes the place of the last picture, as nobody is seen
_SILENT_INTERVALS = 3
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class _Still:
    """Where a frame's JPEG lies in the heap."""

    captured_at: datetime
    position: int
    size: int


class WebmFilm:
    """A film in the making, in a folder of its own.

    Frames may come in any order: after an outage old ones arrive behind newer ones.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stills: list[_Still] = []
        self._heap = (folder / "pictures").open("w+b")

    def add(self, frames: Sequence[Record]) -> None:
        """Put frames by until the order of all is known."""
        for frame in frames:
            self._stills.append(_Still(frame.captured_at, self._heap.tell(), len(frame.body)))
            self._heap.write(frame.body)

    def finish(self) -> tuple[Path, int]:
        """(the film, how many frames it shows); frames that no decoder reads are left out. No film without frames."""
        times: list[datetime] = []
        coder: Vp8Coder | None = None
        size = (0, 0)
        shown = 0
        stills = _in_time(self._stills)
        silence = _silence(stills)
        for still in stills:
            pixels = self._pixels(still)
            if pixels is None:
                continue
            if coder is None:
                size = _even(pixels.shape[1]), _even(pixels.shape[0])
                coder = Vp8Coder(self._folder / "coded.ivf", size)
            elif still.captured_at - times[-1] > silence:
                coder.add(_card(size, times[-1], still.captured_at))
                times.append(times[-1] + silence)
            coder.add(_fitted(pixels, size))
            times.append(still.captured_at)
            shown += 1
        self.close()
        path = self._folder / "recording.webm"
        if coder is not None:
            _write(path, coder, size, times)
        return path, shown

    def close(self) -> None:
        """Let go of the pictures."""
        self._heap.close()

    def _pixels(self, still: _Still) -> Pixels | None:
        self._heap.seek(still.position)
        data = np.frombuffer(self._heap.read(still.size), np.uint8)
        decoded = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
        return None if decoded is None else np.asarray(decoded, np.uint8)


def _in_time(stills: Sequence[_Still]) -> Sequence[_Still]:
    """By time; of two of the same millisecond the first that arrived."""
    by_time = {_millisecond(still.captured_at): still for still in reversed(stills)}
    return [by_time[at] for at in sorted(by_time)]


def _silence(stills: Sequence[_Still]) -> timedelta:
    """How long nothing may come where pictures follow each other slowly: the middle one of their distances counts."""
    gaps = sorted(after.captured_at - before.captured_at for before, after in pairwise(stills))
    return max(SILENCE, _SILENT_INTERVALS * gaps[len(gaps) // 2]) if gaps else SILENCE


def _millisecond(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _write(path: Path, coder: Vp8Coder, size: tuple[int, int], times: Sequence[datetime]) -> None:
    with path.open("w+b") as file:
        webm = WebmWriter(file, size, times[0])
        for number, data in coder.packets():
            webm.add(Packet((times[number] - times[0]) // _MILLISECOND, is_key(data), data))
        webm.close()


def _even(length: int) -> int:
    return length + length % 2


def _fitted(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """The picture in a frame of this size with its proportions kept: a camera may have been turned meanwhile."""
    height, width = pixels.shape[:2]
    if (width, height) == size:
        return pixels
    scale = min(size[0] / width, size[1] / height)
    inner = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    fitted = np.zeros((size[1], size[0], 3), np.uint8)
    fitted[top : top + inner[1], left : left + inner[0]] = cv2.resize(
        pixels, inner, interpolation=cv2.INTER_AREA
    )
    return fitted


def _card(size: tuple[int, int], since: datetime, until: datetime) -> Pixels:
    """Says that there are no pictures, so that the last one is not taken for somebody who sits still."""
    card = np.full((size[1], size[0], 3), 32, np.uint8)
    said = f"no picture {since:%H:%M:%S} - {until:%H:%M:%S} UTC"
    scale = size[0] / 800
    cv2.putText(
        card,
        said,
        (size[0] // 16, size[1] // 2),
        cv2.FONT_HERSHEY_SIMPLEX,
        scale,
        (220, 220, 220),
        1,
        cv2.LINE_AA,
    )
    return card
