"""Loads the models once per process, and gives every attempt its analyst."""

from typing import Literal
from uuid import UUID

from ml.analyst import FrameAnalyst
from ml.detector import Detectors, ModelCard
from ml.model_store import ModelStore
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
    """The detectors of a runtime; the vendors' own are imported only when asked for."""
    face, yolo = store.face_model(), store.yolo_folder()
    if runtime == "reference":
        from ml.reference import MediaPipeFaces, UltralyticsObjects

        return Detectors(MediaPipeFaces(face), None if yolo is None else UltralyticsObjects(yolo))
    from ml.face import OpenVinoFaces
    from ml.yolo import OpenVinoObjects

    return Detectors(OpenVinoFaces(face), None if yolo is None else OpenVinoObjects(yolo))
