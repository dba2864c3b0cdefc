"""Frames of a video file, as a webcam would have sent them."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from ml.frame import Pixels, encode

WEBCAM = (640, 480)


def pictures(path: Path, every: int = 1) -> Iterator[Pixels]:
    """Each `every`-th picture, fitted into 640x480. Raises ValueError for a file that is no video."""
    video = cv2.VideoCapture(str(path))
    if not video.isOpened():
        raise ValueError(f"{path} is no video that can be read")
    number = 0
    while video.grab():
        if number % every == 0:
            _, pixels = video.retrieve()
            yield fitted(np.asarray(pixels, np.uint8))
        number += 1


def frames(path: Path, every: int = 1, quality: int = 85) -> list[bytes]:
    """The same as JPEGs."""
    return [encode(pixels, quality) for pixels in pictures(path, every)]


def fitted(pixels: Pixels) -> Pixels:
    """The picture in 640x480 with its proportions kept, black around it, as the browser sends it."""
    width, height = WEBCAM
    rows, columns = pixels.shape[:2]
    ratio = min(height / rows, width / columns)
    size = round(columns * ratio), round(rows * ratio)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    placed = np.zeros((height, width, 3), np.uint8)
    placed[top : top + size[1], left : left + size[0]] = cv2.resize(
        pixels, size, interpolation=cv2.INTER_AREA
    )
    return placed
