"""Draws an incident's boxes on an evidence frame, for people to look at."""

from collections.abc import Iterable

import cv2

from ml.frame import Pixels, decode, encode

LabelledBox = tuple[str, float, float, float, float, float]

_COLOURS = {"face": (80, 200, 80), "person": (220, 160, 40)}  # blue, green, red
_ALARM = (60, 60, 230)
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def draw_boxes(jpeg: bytes, boxes: Iterable[LabelledBox]) -> bytes:
    """The frame as JPEG with every (label, left, top, right, bottom, score) drawn, sides as fractions.

    Raises ValueError for a frame that does not decode.
    """
    pixels = decode(jpeg)
    if pixels is None:
        raise ValueError(f"a frame of {len(jpeg)} bytes does not decode: boxes cannot be drawn on it")
    for box in boxes:
        _draw(pixels, box)
    return encode(pixels)


def _draw(pixels: Pixels, box: LabelledBox) -> None:
    label, left, top, right, bottom, score = box
    height, width = pixels.shape[:2]
    start = round(left * width), round(top * height)
    end = round(right * width), round(bottom * height)
    colour = _COLOURS.get(label, _ALARM)
    cv2.rectangle(pixels, start, end, colour, 2)
    baseline = start[0] + 3, max(start[1] + 14, 14)
    cv2.putText(pixels, f"{label} {score:.2f}", baseline, _FONT, 0.45, colour, 1, cv2.LINE_AA)
