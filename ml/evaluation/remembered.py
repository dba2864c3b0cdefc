"""Detectors that keep on disk what they saw, by model and picture, so that rules are tried again without inference."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ml.detector import Detectors, FaceDetector, ObjectDetector
from ml.frame import Pixels
from schema.detection import Box, Face, Point, Sighting, Thing


class Notebook:
    """What models saw in pictures, and the milliseconds of processor time each look took when it was taken."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute("CREATE TABLE IF NOT EXISTS look (of TEXT PRIMARY KEY, cost REAL, seen TEXT)")
        self.looked_ms = 0.0  # what the looks would have cost
        self.spent_ms = 0.0  # what they did cost, here and now

    def recall(self, model: str, pixels: Pixels, look: Callable[[], list[Any]]) -> list[Any]:
        """What this model saw in this picture: from the notebook, or by looking."""
        begun = time.thread_time()
        key = hashlib.blake2b(
            pixels.tobytes() + f"{pixels.shape}{model}".encode(), digest_size=16
        ).hexdigest()
        row = self._database.execute("SELECT cost, seen FROM look WHERE of = ?", (key,)).fetchone()
        if row is None:
            looking = time.thread_time()
            seen = look()
            row = (1000 * (time.thread_time() - looking), json.dumps(seen))
            self._database.execute("INSERT OR REPLACE INTO look VALUES (?, ?, ?)", (key, *row))
        self.looked_ms += row[0]
        found: list[Any] = json.loads(row[1])
        self.spent_ms += 1000 * (time.thread_time() - begun)
        return found


class RememberedFaces:
    """A face detector with a notebook."""

    def __init__(self, faces: FaceDetector, notebook: Notebook) -> None:
        self._faces, self._notebook, self.card = faces, notebook, faces.card

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        """See FaceDetector."""
        seen = self._notebook.recall(
            str(self.card), pixels, lambda: [asdict(face) for face in self._faces.faces(pixels)]
        )
        return tuple(_face(one) for one in seen)


class RememberedObjects:
    """An object detector with a notebook."""

    def __init__(self, objects: ObjectDetector, notebook: Notebook) -> None:
        self._objects, self._notebook, self.card = objects, notebook, objects.card

    def sightings(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """See ObjectDetector."""
        return self._recalled(str(self.card), pixels, self._objects.sightings)

    def enlarged(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """See ObjectDetector."""
        return self._recalled(f"{self.card} enlarged", pixels, self._objects.enlarged)

    def _recalled(
        self, model: str, pixels: Pixels, look: Callable[[Pixels], tuple[Sighting, ...]]
    ) -> tuple[Sighting, ...]:
        seen = self._notebook.recall(model, pixels, lambda: [asdict(one) for one in look(pixels)])
        return tuple(Sighting(Thing(one["thing"]), Box(**one["box"]), one["score"]) for one in seen)


def remembering(detectors: Detectors, notebook: Notebook) -> Detectors:
    """The same detectors with this notebook."""
    objects = None if detectors.objects is None else RememberedObjects(detectors.objects, notebook)
    return Detectors(RememberedFaces(detectors.faces, notebook), objects)


def _face(one: dict[str, Any]) -> Face:
    first, second, third, fourth, fifth, sixth = (Point(**point) for point in one["keypoints"])
    return Face(Box(**one["box"]), one["score"], (first, second, third, fourth, fifth, sixth))
