"""The vendors' own runtimes behind the same ports: MediaPipe's FaceDetector task and Ultralytics' predict.

Imported only where DETECTION_RUNTIME=reference asks for them (environment `make reference`).
"""

from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np

from ml.detector import FACE_FLOOR, SIGHTING_FLOOR, ModelCard
from ml.frame import Pixels
from ml.runtime import sha256_of
from schema.detection import Box, Face, Point, Sighting, Thing


class MediaPipeFaces:
    """Faces by MediaPipe's FaceDetector task."""

    def __init__(self, path: Path) -> None:
        import mediapipe
        from mediapipe.tasks.python import BaseOptions, vision

        options = vision.FaceDetectorOptions(
            base_options=BaseOptions(model_asset_path=str(path)), min_detection_confidence=FACE_FLOOR
        )
        self._detector = vision.FaceDetector.create_from_options(options)
        self._one_at_a_time = Lock()
        self._image = mediapipe.Image
        self._format = mediapipe.ImageFormat.SRGB
        runtime = f"mediapipe {mediapipe.__version__}"
        self.card = ModelCard(
            "mediapipe face_detection_full_range_sparse", "0.10.21", runtime, sha256_of(path)
        )

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        """See FaceDetector."""
        rgb = np.ascontiguousarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))
        with self._one_at_a_time:
            result = self._detector.detect(self._image(image_format=self._format, data=rgb))
        height, width = pixels.shape[:2]
        found = [_face(detection, width, height) for detection in result.detections]
        return tuple(sorted(found, key=lambda face: -face.score))

    def close(self) -> None:
        """Free MediaPipe's graph; left to the interpreter's end, that prints an error which means nothing."""
        self._detector.close()


def _face(detection: Any, width: int, height: int) -> Face:
    box = detection.bounding_box
    right, bottom = box.origin_x + box.width, box.origin_y + box.height
    points = [Point(_share(point.x), _share(point.y)) for point in detection.keypoints]
    sides = (
        _share(box.origin_x / width),
        _share(box.origin_y / height),
        _share(right / width),
        _share(bottom / height),
    )
    first, second, third, fourth, fifth, sixth = points
    score = float(detection.categories[0].score)
    return Face(Box(*sides), score, (first, second, third, fourth, fifth, sixth))


class UltralyticsObjects:
    """Things by Ultralytics' predict on its OpenVINO export."""

    def __init__(self, folder: Path) -> None:
        import ultralytics

        self._model = ultralytics.YOLO(str(folder), task="detect")
        self._wanted = {thing.value: thing for thing in Thing}
        weights = sorted(
            [*folder.glob("*.xml"), *folder.glob("*.bin")], key=lambda path: path.suffix, reverse=True
        )
        self.card = ModelCard(
            "yolo yolo11n", "export", f"ultralytics {ultralytics.__version__}", sha256_of(*weights)
        )

    def sightings(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """See ObjectDetector."""
        result = self._model.predict(pixels, conf=SIGHTING_FLOOR, verbose=False)[0]
        rows = zip(
            result.boxes.xyxyn.tolist(), result.boxes.conf.tolist(), result.boxes.cls.tolist(), strict=True
        )
        found = [(self._wanted.get(result.names[int(number)]), box, score) for box, score, number in rows]
        return tuple(Sighting(thing, Box(*map(_share, box)), score) for thing, box, score in found if thing)

    def enlarged(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """See ObjectDetector; an export has one size here, so it is the same look."""
        return self.sightings(pixels)


def _share(value: float) -> float:
    return min(max(float(value), 0.0), 1.0)
