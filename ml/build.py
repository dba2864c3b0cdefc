"""Loads the models once per process, and gives every attempt its analyst."""

from pathlib import Path
from typing import Literal
from uuid import UUID

from ml.analyst import FrameAnalyst
from ml.detector import Detectors, FaceDetector, ModelCard, ObjectDetector
from ml.model_store import ModelStore, ModelUnreadable, weights_of
from schema.incident import DetectionPolicy

Runtime = Literal["openvino", "reference"]


class Analysts:
    """The detectors of one process and an analyst for each attempt; safe to use from several threads."""

    def __init__(self, detectors: Detectors) -> None:
        self._detectors = detectors

    @property
    def models(self) -> tuple[ModelCard, ...]:
        """The models in use: name, version, runtime and SHA-256."""
        return self._detectors.cards

    @property
    def model_version(self) -> str:
        """The same in one line."""
        return " + ".join(str(card) for card in self.models)

    @property
    def object_detection(self) -> bool:
        """False where there are no YOLO weights: no phone, book or second person without a face is seen."""
        return self._detectors.objects is not None

    def watcher(self, attempt_id: UUID, policy: DetectionPolicy) -> FrameAnalyst:
        """An analyst for this attempt."""
        return FrameAnalyst(attempt_id, policy, self._detectors)


def build_analysts(store: ModelStore, runtime: Runtime = "openvino") -> Analysts:
    """Load the models. Raises FaceModelMissing; without YOLO weights object detection is off."""
    return Analysts(build_detectors(store, runtime))


def build_detectors(store: ModelStore, runtime: Runtime = "openvino") -> Detectors:
    """The detectors of a runtime. Raises FaceModelMissing and ModelUnreadable."""
    face, yolo = store.face_model(), store.yolo_folder()
    return Detectors(load_faces(face, runtime), None if yolo is None else load_objects(yolo, runtime))


# The vendors' own runtimes are imported only when asked for.


def load_faces(file: Path, runtime: Runtime = "openvino") -> FaceDetector:
    """The detector of faces in this file. Raises ModelUnreadable."""
    try:
        if runtime == "reference":
            from ml.reference import MediaPipeFaces

            return MediaPipeFaces(file)
        from ml.face import OpenVinoFaces

        return OpenVinoFaces(file)
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelUnreadable(f"{file} cannot be loaded as a model of faces: {_first_line(error)}") from error


def load_objects(folder: Path, runtime: Runtime = "openvino") -> ObjectDetector:
    """The detector of things in this export folder. Raises ModelUnreadable."""
    weights_of(folder)
    try:
        if runtime == "reference":
            from ml.reference import UltralyticsObjects

            return UltralyticsObjects(folder)
        from ml.yolo import OpenVinoObjects

        return OpenVinoObjects(folder)
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelUnreadable(
            f"{folder} cannot be loaded as a model of things: {_first_line(error)}"
        ) from error


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
