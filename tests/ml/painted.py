"""Detectors that read what they see off a painted picture: real JPEGs, no models, quick."""

import cv2
import numpy as np

from ml.detector import Detectors, ModelCard
from ml.frame import Pixels, encode
from schema.detection import Face, Sighting, Thing
from tests.ml.builder import a_face, a_sighting

SIDE, CELL = 128, 32
_BACKGROUND = np.random.default_rng(1).integers(90, 160, (SIDE, SIDE, 3), np.uint8)


def painted(faces: int = 1, persons: int = 1, phones: int = 0, shade: int = 0) -> bytes:
    """A noisy JPEG with a bright cell per face, person and phone in rows of their own; `shade` makes it move."""
    pixels = np.asarray(cv2.add(_BACKGROUND, np.full_like(_BACKGROUND, shade)), np.uint8)
    for row, count in enumerate((faces, persons, phones)):
        for column in range(count):
            pixels[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL] = 255
    return encode(pixels, 95)


def black() -> bytes:
    """A covered camera."""
    return encode(np.zeros((SIDE, SIDE, 3), np.uint8))


def _count(pixels: Pixels, row: int) -> int:
    cells = pixels[row * CELL : (row + 1) * CELL].reshape(CELL, SIDE // CELL, CELL, 3)
    return int((cells.mean(axis=(0, 2, 3)) > 240).sum())


class PaintedFaces:
    """Counts the bright cells of the first row."""

    card = ModelCard("painted faces", "1", "test", "0" * 64)

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        """See FaceDetector."""
        return tuple(a_face() for _ in range(_count(pixels, 0)))


class PaintedObjects:
    """Counts the bright cells of the second and third row, and how often it was asked."""

    card = ModelCard("painted objects", "1", "test", "1" * 64)

    def __init__(self) -> None:
        self.looks = 0

    def sightings(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """See ObjectDetector."""
        self.looks += 1
        persons = tuple(a_sighting(Thing.PERSON) for _ in range(_count(pixels, 1)))
        return persons + tuple(a_sighting(Thing.PHONE) for _ in range(_count(pixels, 2)))


def painted_detectors(objects: PaintedObjects | None = None) -> Detectors:
    """Both, with a fresh object detector unless one is given."""
    return Detectors(PaintedFaces(), objects or PaintedObjects())
