"""Detectors that read what they see off a painted picture: real JPEGs, no models, quick."""

from dataclasses import replace

import cv2
import numpy as np

from ml.detector import Detectors, ModelCard
from ml.frame import Pixels, encode
from ml.identity.embedder import Embedding
from schema.detection import Box, Face, Sighting, Thing
from tests.ml.builder import a_face, a_sighting

SIDE, CELL, FLOOR = 128, 32, 8
_BACKGROUND = np.random.default_rng(1).integers(90, 160, (SIDE, SIDE, 3), np.uint8)


def painted(faces: int = 1, persons: int = 1, phones: int = 0, shade: int = 0) -> bytes:
    """A noisy JPEG with a bright cell per face, person and phone in rows of their own; `shade` makes it move."""
    pixels = np.asarray(cv2.add(_BACKGROUND, np.full_like(_BACKGROUND, shade)), np.uint8)
    for row, count in enumerate((faces, persons, phones)):
        for column in range(count):
            pixels[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL] = 255
    pixels[-FLOOR:] = 0
    return encode(pixels, 95)


def black() -> bytes:
    """A covered camera."""
    return encode(np.zeros((SIDE, SIDE, 3), np.uint8))


def _count(pixels: Pixels, row: int) -> int:
    cells = pixels[row * CELL : (row + 1) * CELL].reshape(CELL, SIDE // CELL, CELL, 3)
    return int((cells.mean(axis=(0, 2, 3)) > 240).sum())


def _cell(row: int, column: int) -> Box:
    sides = (column * CELL, row * CELL, (column + 1) * CELL, (row + 1) * CELL)
    return Box(*(side / SIDE for side in sides))


class PaintedFaces:
    """Counts the bright cells of the first row of a picture that stands on its dark floor."""

    card = ModelCard("painted faces", "1", "test", "0" * 64)

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        """See FaceDetector."""
        if pixels[-FLOOR:].mean() > 40:
            return ()
        return tuple(replace(a_face(), box=_cell(0, column)) for column in range(_count(pixels, 0)))


class PaintedObjects:
    """Counts the bright cells of the second and third row, and how often it was asked."""

    card = ModelCard("painted objects", "1", "test", "1" * 64)

    def __init__(self) -> None:
        self.looks = 0

    def sightings(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """See ObjectDetector."""
        self.looks += 1
        things = (Thing.PERSON, Thing.PHONE)
        return tuple(
            replace(a_sighting(thing), box=_cell(row, column))
            for row, thing in enumerate(things, start=1)
            for column in range(_count(pixels, row))
        )

    def enlarged(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """See ObjectDetector."""
        return self.sightings(pixels)


class PaintedEmbedder:
    """Measures how bright the background is; implements FaceEmbedder."""

    card = ModelCard("painted measures", "1", "test", "2" * 64)

    def embed(self, pixels: Pixels, face: Face) -> Embedding:
        """See FaceEmbedder."""
        return np.array([float(pixels[3 * CELL :].mean()) / 60, *[0.0] * 127], np.float64)


def painted_detectors(objects: PaintedObjects | None = None) -> Detectors:
    """Both, with a fresh object detector unless one is given."""
    return Detectors(PaintedFaces(), objects or PaintedObjects())
