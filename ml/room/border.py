"""The border of a picture on the wall, a screen or a mirror: four straight sides around a face."""

import cv2
import numpy as np

from ml.frame import Pixels
from schema.detection import Box

AROUND = 2.2  # face sizes to each side in which a border is looked for
LARGEST = 30.0  # of the face's area: a door or a wall is no picture's border
SMALLEST = 1.1
_CORNERS = 4
_CLOSE = np.ones((3, 3), np.uint8)


def is_framed(pixels: Pixels, face: Box) -> bool:
    """Whether a closed shape of four straight sides, itself within the picture, surrounds this face."""
    height, width = pixels.shape[:2]
    left, right, top, bottom = face.left * width, face.right * width, face.top * height, face.bottom * height
    reach = AROUND * max(right - left, bottom - top)
    columns = slice(max(0, round(left - reach)), min(width, round(right + reach)))
    rows = slice(max(0, round(top - reach)), min(height, round(bottom + reach)))
    part = np.ascontiguousarray(pixels[rows, columns])
    if part.size == 0:
        return False  # a sliver at the edge of the picture
    inner = left - columns.start, top - rows.start, right - columns.start, bottom - rows.start
    return any(_surrounds(shape, inner) for shape in _shapes(part))


def _shapes(part: Pixels) -> list[np.ndarray]:
    edges = cv2.Canny(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), 30, 90)
    closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, _CLOSE)
    found, _ = cv2.findContours(closed, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    return [np.asarray(contour) for contour in found if len(contour) >= _CORNERS]


def _surrounds(shape: np.ndarray, face: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = face
    x, y, wide, high = cv2.boundingRect(shape)
    area, own = (right - left) * (bottom - top), cv2.contourArea(shape)
    # A face looks over its border a little where the detector's box is generous.
    slack = 0.15 * (right - left)
    if x > left + slack or y > top + slack or x + wide < right - slack or y + high < bottom - slack:
        return False
    if not SMALLEST * area < own < LARGEST * area or own < 0.8 * wide * high:
        return False
    corners = cv2.approxPolyDP(shape, 0.04 * cv2.arcLength(shape, True), True)
    return len(corners) == _CORNERS and bool(cv2.isContourConvex(corners))
