"""Faces: MediaPipe's full-range model read by OpenVINO, decoded as MediaPipe's own graph does.

Source of the numbers: face_detection_full_range in MediaPipe (SSD anchors, tensors to detections,
weighted non-maximum suppression). 192x192 input, one anchor per cell of a 48x48 grid, 16 values each:
centre, size and six keypoints.
"""

from pathlib import Path

import cv2
import numpy as np

from ml.boxes import Floats, clusters
from ml.detector import FACE_FLOOR, ModelCard
from ml.frame import Pixels
from ml.runtime import Inference, read, sha256_of
from schema.detection import Box, Face, Point

SIDE = 192
GRID = 48
OVERLAP = 0.3
_CENTRES = (np.stack(np.meshgrid(np.arange(GRID), np.arange(GRID)), axis=-1).reshape(-1, 2) + 0.5) / GRID


class OpenVinoFaces:
    """Faces by OpenVINO."""

    def __init__(self, path: Path) -> None:
        self._inference = Inference(read(path))
        self.card = ModelCard(
            "mediapipe face_detection_full_range_sparse", "0.10.21", "openvino", sha256_of(path)
        )

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        """See FaceDetector."""
        square, scale = _letterbox(pixels)
        values, logits = self._inference.run(square)
        return _decode(values[0], logits[0, :, 0], scale)


def _letterbox(pixels: Pixels) -> tuple[Floats, Floats]:
    """The picture centred on a black square, -1 to 1, and the square's side over the picture's sides (x, y)."""
    height, width = pixels.shape[:2]
    side = max(height, width)
    ratio = SIDE / side
    placed = np.array([[ratio, 0, (side - width) / 2 * ratio], [0, ratio, (side - height) / 2 * ratio]])
    square = cv2.warpAffine(pixels, placed, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    rgb = square[..., ::-1].astype(np.float32) / 127.5 - 1.0
    return rgb[None], np.array([side / width, side / height], np.float32)


def _decode(values: Floats, logits: Floats, scale: Floats) -> tuple[Face, ...]:
    scores = 1.0 / (1.0 + np.exp(-np.clip(logits, -80, 80)))
    kept = np.flatnonzero(scores >= FACE_FLOOR)
    points = values[kept].reshape(-1, 8, 2) / SIDE
    centres = _CENTRES[kept]
    middle, half = points[:, 0] + centres, points[:, 1] / 2
    keypoints = points[:, 2:] + centres[:, None]
    corners = np.stack([middle - half, middle + half, *keypoints.swapaxes(0, 1)], axis=1)
    placed = ((corners - 0.5) * scale + 0.5).astype(np.float32)
    return _merge(placed, scores[kept].astype(np.float32))


def _merge(corners: Floats, scores: Floats) -> tuple[Face, ...]:
    """Weighted suppression: a face is its cluster's mean, weighted by score, with the best score of them."""
    found = clusters(corners[:, :2].reshape(-1, 4), scores, OVERLAP)
    return tuple(
        _face(np.average(corners[members], axis=0, weights=scores[members]), float(scores[members[0]]))
        for members in found
    )


def _face(corners: Floats, score: float) -> Face:
    (left, top), (right, bottom) = np.clip(corners[:2], 0, 1).tolist()
    first, second, third, fourth, fifth, sixth = (Point(x, y) for x, y in np.clip(corners[2:], 0, 1).tolist())
    return Face(Box(left, top, right, bottom), score, (first, second, third, fourth, fifth, sixth))
