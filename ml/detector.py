"""The small ports that every detector stands behind, whoever made the model."""

from dataclasses import dataclass
from typing import Protocol

from ml.frame import Pixels
from schema.detection import Face, Sighting

# Detectors report from these scores up; the exam's policy decides what counts.
FACE_FLOOR = 0.5
SIGHTING_FLOOR = 0.1


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Which model saw something: its name, version, the runtime that ran it and the SHA-256 of its weights."""

    name: str
    version: str
    runtime: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.name} {self.version} {self.sha256[:12]} ({self.runtime})"


class FaceDetector(Protocol):
    """Finds faces."""

    @property
    def card(self) -> ModelCard: ...

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        """Faces scoring at least FACE_FLOOR, best first."""


class ObjectDetector(Protocol):
    """Finds the things of schema.detection.Thing."""

    @property
    def card(self) -> ModelCard: ...

    def sightings(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """Things scoring at least SIGHTING_FLOOR, best first."""

    def enlarged(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """The same of the picture a third larger: what is small is seen better, for nearly twice the time."""


@dataclass(frozen=True, slots=True)
class Detectors:
    """The pair that one process shares. `objects` is None where there are no weights: object detection is off."""

    faces: FaceDetector
    objects: ObjectDetector | None

    @property
    def cards(self) -> tuple[ModelCard, ...]:
        """The models in use."""
        return (self.faces.card,) if self.objects is None else (self.faces.card, self.objects.card)
