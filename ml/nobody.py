"""A closer look where no face is found: is it noise, a turned camera, or another room?"""

import base64
import zlib
from dataclasses import replace

import numpy as np

from ml.counting import faces_of
from ml.detector import FaceDetector
from ml.engine.camera import LIT, is_blocked
from ml.frame import Pixels
from ml.picture import SIZE, THUMBNAIL_SIZE, Grey, is_noisy, small, without_noise
from schema.detection import Detections, Picture
from schema.incident import DetectionPolicy
from schema.model import State

FACELESS = 2  # frames without a face before the picture is turned
QUARTERS = (2, 1, 3)
MOVED = 0.6  # of the picture's edge: more changes only where the camera itself was moved
PLAIN = 60.0  # sharpness of a lit ceiling with its edges and lamps; rooms have hundreds
OTHER = 12.0  # grey levels
EDGE = 8  # pixels of the thumbnail at its top and sides: where a person rarely is


class SightMemory(State):
    """What is remembered from frame to frame; `grey` only while a picture may be nothing but noise."""

    grey: str = ""
    peopled: str = ""  # the thumbnail of the last frame with a face
    faceless: int = 0
    quarters: int = 0


class NobodyThere:
    """Looks again at frames in which no face counts; costs at most one more face detection a frame."""

    def __init__(self, faces: FaceDetector, policy: DetectionPolicy) -> None:
        self._faces = faces
        self._policy = policy

    def closer(self, memory: SightMemory, pixels: Pixels, thumbnail: Grey, seen: Detections) -> Detections:
        """The same detections, with what the closer look showed."""
        if faces_of(seen, self._policy):
            memory.grey, memory.faceless, memory.quarters = "", 0, 0
            memory.peopled = _packed(thumbnail)
            return seen
        memory.faceless += 1
        seen = self._without_noise(memory, pixels, seen)
        if memory.faceless <= FACELESS or is_blocked(seen, self._policy):
            return seen
        quarters = self._turned(memory, pixels)
        is_elsewhere = not quarters and _is_plain(seen.picture) and _is_elsewhere(memory, thumbnail)
        return replace(seen, quarters=quarters, is_elsewhere=is_elsewhere)

    def _without_noise(self, memory: SightMemory, pixels: Pixels, seen: Detections) -> Detections:
        if not is_noisy(seen.picture):
            memory.grey = ""
            return seen
        grey, before = small(pixels), memory.grey
        memory.grey = _packed(grey)
        if not before:
            return seen
        return replace(seen, picture=without_noise(seen.picture, grey, _unpacked(before, SIZE)))

    def _turned(self, memory: SightMemory, pixels: Pixels) -> int:
        """By how many quarters the picture must be turned to show a face; another one is tried with each frame."""
        tried = memory.quarters or QUARTERS[memory.faceless % len(QUARTERS)]
        turned = np.ascontiguousarray(np.rot90(pixels, tried))
        found = any(face.score >= self._policy.face_score for face in self._faces.faces(turned))
        memory.quarters = tried if found else 0
        return memory.quarters


def _is_plain(picture: Picture) -> bool:
    """Whether it shows as little as a ceiling does, in its light."""
    return picture.sharpness < PLAIN * min(1.0, picture.brightness / LIT) ** 2


def _is_elsewhere(memory: SightMemory, thumbnail: Grey) -> bool:
    """Whether the edge of the picture is another one than when somebody was seen last, light apart."""
    if not memory.peopled:
        return False
    change = thumbnail.astype(np.int16) - _unpacked(memory.peopled, THUMBNAIL_SIZE).astype(np.int16)
    edge = np.concatenate(
        [change[:EDGE].ravel(), change[EDGE:, :EDGE].ravel(), change[EDGE:, -EDGE:].ravel()]
    )
    return float((np.abs(edge - np.median(edge)) > OTHER).mean()) > MOVED


def _packed(grey: Grey) -> str:
    return base64.b64encode(zlib.compress(grey.tobytes(), 1)).decode()


def _unpacked(text: str, size: tuple[int, int]) -> Grey:
    width, height = size
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(height, width)
