"""Quality of a picture (light, contrast, sharpness) and its motion since the frame before."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.frame import Pixels
from schema.detection import Picture

Grey = NDArray[np.uint8]

# Thresholds of DetectionPolicy are measured at this size; other sizes give other sharpness.
SIZE = (160, 120)
# Motion compares an even smaller copy: it averages sensor noise away, and fits into the saved state.
THUMBNAIL_SIZE = (40, 30)


def measure(pixels: Pixels, before: Grey | None) -> tuple[Picture, Grey]:
    """The picture's quality, and its thumbnail (30x40 grey) to hand in as `before` with the next frame."""
    grey = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), SIZE, interpolation=cv2.INTER_AREA)
    thumbnail = np.asarray(cv2.resize(grey, THUMBNAIL_SIZE, interpolation=cv2.INTER_AREA), np.uint8)
    picture = Picture(
        brightness=float(grey.mean()),
        contrast=float(grey.std()),
        sharpness=float(cv2.Laplacian(grey, cv2.CV_64F).var()),
        motion=_motion(thumbnail, before),
    )
    return picture, thumbnail


def _motion(thumbnail: Grey, before: Grey | None) -> float:
    return 0.0 if before is None else float(cv2.absdiff(thumbnail, before).mean())
