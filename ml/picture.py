"""Quality of a picture (light, contrast, sharpness) and its motion since the frame before."""

import math
from dataclasses import replace
from typing import Any

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


BAR = 12  # grey of the brightest pixel of a bar beside a letterboxed picture, as a JPEG keeps it
NARROWEST = 0.25  # of the width or height: what would leave less is a dark picture, not bars
# Less sharp than this, a sensor's noise may be all that there is.
NOISY = 300.0
PANNING = 6.0  # motion from which the frame before shows something else
ERROR = 35.0  # by so much a noisy picture's own sharpness is divided for what two frames' noise may share by chance


def measure(pixels: Pixels, before: Grey | None) -> tuple[Picture, Grey]:
    """The picture's quality, and its thumbnail (30x40 grey) to hand in as `before` with the next frame."""
    grey = small(pixels)
    thumbnail = np.asarray(cv2.resize(grey, THUMBNAIL_SIZE, interpolation=cv2.INTER_AREA), np.uint8)
    shown = _between_bars(grey)
    picture = Picture(
        brightness=float(shown.mean()),
        contrast=float(shown.std()),
        sharpness=float(cv2.Laplacian(shown, cv2.CV_64F).var()),
        motion=_motion(thumbnail, before),
    )
    return picture, thumbnail


def small(pixels: Pixels) -> Grey:
    """The picture in grey, 160x120."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, SIZE, interpolation=cv2.INTER_AREA), np.uint8)


def is_noisy(picture: Picture) -> bool:
    """Whether noise may be what makes it sharp: then the next frame tells."""
    return picture.sharpness < NOISY


def without_noise(picture: Picture, grey: Grey, before: Grey) -> Picture:
    """Contrast and sharpness of what this frame and the one before share: their noise is not the same.

    A room is in both; a sensor's noise on a covered lens is in neither. What a moving camera shows is left as measured.
    """
    if picture.motion > PANNING:
        return picture
    now, then = (_between_bars(each).astype(np.float64) for each in (grey, before))
    if now.shape != then.shape:
        return picture
    sharp = _shared(cv2.Laplacian(now, cv2.CV_64F), cv2.Laplacian(then, cv2.CV_64F))
    sharp = sharp if sharp > picture.sharpness / ERROR else 0.0
    return replace(picture, contrast=math.sqrt(_shared(now, then)), sharpness=min(sharp, picture.sharpness))


def _shared(one: NDArray[Any], other: NDArray[Any]) -> float:
    return max(0.0, float((one * other).mean() - one.mean() * other.mean()))


def _between_bars(grey: Grey) -> Grey:
    """The picture without the black bars at its sides that keep a camera's proportions."""
    for axis in (0, 1):
        bright = np.flatnonzero(grey.max(axis=axis) > BAR)
        if bright.size < NARROWEST * grey.shape[1 - axis]:
            return grey
        lit = slice(int(bright[0]), int(bright[-1]) + 1)
        if lit.stop - lit.start < grey.shape[1 - axis]:
            inner = slice(lit.start + 1, lit.stop - 1)  # the border itself is half bar
            grey = grey[:, inner] if axis == 0 else grey[inner]
    return grey


def _motion(thumbnail: Grey, before: Grey | None) -> float:
    return 0.0 if before is None else float(cv2.absdiff(thumbnail, before).mean())
