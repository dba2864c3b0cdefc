"""Faces measured by dlib's network, from the optional packages of requirements/identity.in.

The network was trained on faces cut out by dlib's own landmarks; the box is MediaPipe's, made square around the
eyes and mouth as dlib's detectors do. https://github.com/davisking/dlib-models says how it was trained (CC0).
"""

from pathlib import Path
from threading import Lock

import cv2
import numpy as np

from ml.detector import ModelCard
from ml.frame import Pixels
from ml.identity.embedder import Embedding
from ml.runtime import sha256_of
from schema.detection import Face

REACH = 1.1  # half a side of dlib's square, in distances from the eyes' middle to the mouth


class EmbedderMissing(Exception):
    """The optional packages are not installed here."""


class DlibEmbedder:
    """Implements FaceEmbedder; about 160 ms a face on one core."""

    def __init__(self) -> None:
        """Raises EmbedderMissing."""
        try:
            import dlib
            import face_recognition_models as models
        except ImportError as error:
            said = "the packages that measure faces are not installed: run `make identity` on the workers of detection"
            raise EmbedderMissing(said) from error
        weights = Path(models.face_recognition_model_location())
        self._rectangle = dlib.rectangle
        self._landmarks = dlib.shape_predictor(models.pose_predictor_five_point_model_location())
        self._network = dlib.face_recognition_model_v1(str(weights))
        self._one_at_a_time = Lock()
        self.card = ModelCard(
            "dlib face_recognition_resnet_v1", "1", f"dlib {dlib.__version__}", sha256_of(weights)
        )

    def embed(self, pixels: Pixels, face: Face) -> Embedding:
        """See FaceEmbedder."""
        rgb = np.ascontiguousarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))
        height, width = pixels.shape[:2]
        with self._one_at_a_time:
            shape = self._landmarks(rgb, self._rectangle(*_square(face, width, height)))
            return np.array(self._network.compute_face_descriptor(rgb, shape), np.float64)


def _square(face: Face, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom in pixels, around the middle between eyes and mouth."""
    right_eye, left_eye, _, mouth, *_ = face.keypoints
    eyes = np.array([(right_eye.x + left_eye.x) / 2 * width, (right_eye.y + left_eye.y) / 2 * height])
    lips = np.array([mouth.x * width, mouth.y * height])
    middle = eyes + (lips - eyes) * 0.45
    half = max(float(np.linalg.norm(lips - eyes)) * REACH, 1.0)
    (left, top), (right, bottom) = (middle - half).tolist(), (middle + half).tolist()
    return round(left), round(top), round(right), round(bottom)
