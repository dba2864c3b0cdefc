"""Compares the one face of a frame with the face at check-in, every ten seconds of the stream."""

from datetime import datetime, timedelta

from ml.detector import FaceDetector
from ml.engine.table import COMPARED_EVERY
from ml.frame import Pixels, decode
from ml.identity.embedder import Embedding, FaceEmbedder, distance
from schema.detection import Face
from schema.model import State

LEAST_HEIGHT = 48  # pixels of a face that says anything
MOST_TURNED = 0.35  # nose off the middle of the eyes, in distances of the eyes
COUNTED = 0.6  # score of the photo's face


class LikenessMemory(State):
    """When a face was measured last, by capture time."""

    looked_at: datetime | None = None


class NoLikeness(Exception):
    """The identity photo shows no face that could be compared with."""


class Likeness:
    """The face at check-in. Its measures are in memory for as long as an attempt is watched, and nowhere else."""

    def __init__(self, embedder: FaceEmbedder, reference: Embedding) -> None:
        self._embedder = embedder
        self._reference = reference

    @classmethod
    def of_photo(cls, embedder: FaceEmbedder, faces: FaceDetector, photo: bytes) -> "Likeness":
        """By the largest face: a document that is held up shows a smaller one. Raises NoLikeness."""
        pixels = decode(photo)
        if pixels is None:
            raise NoLikeness("the identity photo cannot be read as a picture")
        found = [face for face in faces.faces(pixels) if face.score >= COUNTED]
        if not found:
            raise NoLikeness("the identity photo shows no face")
        return cls(embedder, embedder.embed(pixels, max(found, key=_height)))

    def card(self) -> str:
        """What measures, in one line."""
        return str(self._embedder.card)

    def look(
        self, memory: LikenessMemory, pixels: Pixels, faces: tuple[Face, ...], at: datetime
    ) -> float | None:
        """How far the only face is from the one at check-in; None where it is not time or the face says nothing."""
        if memory.looked_at is not None and timedelta(0) <= at - memory.looked_at < COMPARED_EVERY:
            return None
        if len(faces) != 1 or not _is_plain(faces[0], pixels):
            return None
        memory.looked_at = at
        return round(distance(self._embedder.embed(pixels, faces[0]), self._reference), 4)


def _is_plain(face: Face, pixels: Pixels) -> bool:
    """Large enough, and turned to the camera."""
    right, left, nose, *_ = face.keypoints
    eyes = abs(left.x - right.x)
    turned = abs(nose.x - (left.x + right.x) / 2)
    return _height(face) * pixels.shape[0] >= LEAST_HEIGHT and turned <= MOST_TURNED * eyes


def _height(face: Face) -> float:
    return face.box.bottom - face.box.top
