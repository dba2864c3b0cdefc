"""The same honest student in other surroundings: what a room, a camera or a mask does to a picture."""

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.clip import fitted
from ml.frame import Pixels
from schema.detection import Face

Variant = Callable[[int, Pixels], Pixels]  # the number of the frame, and the frame

_FRAME = 6  # pixels of a frame around a poster, a screen or a mirror


def untouched(_: int, pixels: Pixels) -> Pixels:
    """The picture as it is."""
    return pixels


def hung(picture: Pixels, place: tuple[int, int, int]) -> Variant:
    """A poster: this picture on the wall, at (left, top, height) in pixels of 640x480."""
    return lambda _, pixels: pasted(pixels, picture, place)


def screened(film: Sequence[Pixels], place: tuple[int, int, int]) -> Variant:
    """A television that shows this film, with a dark case around it."""
    return lambda number, pixels: pasted(pixels, film[number % len(film)], place, (18, 18, 20))


def mirrored(place: tuple[int, int, int]) -> Variant:
    """A mirror in which the student is seen again."""
    return lambda _, pixels: pasted(
        pixels, np.asarray(pixels[:, ::-1][60:420, 140:500], np.uint8), place, (40, 70, 110)
    )


def pasted(
    pixels: Pixels, picture: Pixels, place: tuple[int, int, int], case: tuple[int, int, int] = (60, 60, 60)
) -> Pixels:
    """A copy with the picture in it, in a case of this colour."""
    left, top, height = place
    width = round(picture.shape[1] * height / picture.shape[0])
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    small = cv2.copyMakeBorder(small, _FRAME, _FRAME, _FRAME, _FRAME, cv2.BORDER_CONSTANT, value=case)
    copy = pixels.copy()
    room = copy[top : top + small.shape[0], left : left + small.shape[1]]
    room[:] = small[: room.shape[0], : room.shape[1]]
    return copy


def portrait(_: int, pixels: Pixels) -> Pixels:
    """A phone's camera held upright: 9:16, with black at both sides."""
    width = pixels.shape[0] * 9 // 16
    left = (pixels.shape[1] - width) // 2
    return fitted(np.ascontiguousarray(pixels[:, left : left + width]))


def turned(quarters: int) -> Variant:
    """The camera turned by so many quarters, letterboxed again."""
    return lambda _, pixels: fitted(np.ascontiguousarray(np.rot90(pixels, quarters)))


def lit(gain: float, noise: float = 2.0) -> Variant:
    """Another light, with a sensor's noise."""

    def change(number: int, pixels: Pixels) -> Pixels:
        grain = np.random.default_rng(number).normal(0, noise, pixels.shape).astype(np.float32)
        return _bytes(pixels * np.float32(gain) + grain)

    return change


def backlit(_: int, pixels: Pixels) -> Pixels:
    """A bright window behind: the edges wash out, the middle, where the student is, falls dark."""
    rows, columns = np.mgrid[-1:1:480j, -1:1:640j].astype(np.float32)
    window = np.clip(np.hypot(rows * 0.8, columns) * 1.4 - 0.55, 0, 1)[..., None]
    return _bytes(pixels * (0.35 * (1 - window)) + 245 * window + pixels * 0.1)


def masked(find: Callable[[Pixels], tuple[Face, ...]]) -> Variant:
    """A mask over mouth and chin; without a face to be found the picture stays as it is."""

    def change(_: int, pixels: Pixels) -> Pixels:
        faces = find(pixels)
        if not faces:
            return pixels
        copy, (height, width) = pixels.copy(), pixels.shape[:2]
        box, points = faces[0].box, faces[0].keypoints
        ears = sorted((points[4], points[5]), key=lambda point: point.x)
        nose = points[2]
        outline = [
            (ears[0].x, (ears[0].y + nose.y) / 2),
            (nose.x, nose.y - 0.1 * (box.bottom - box.top)),
            (ears[1].x, (ears[1].y + nose.y) / 2),
            (ears[1].x - 0.15 * (box.right - box.left), box.bottom),
            (nose.x, box.bottom + 0.1 * (box.bottom - box.top)),
            (ears[0].x + 0.15 * (box.right - box.left), box.bottom),
        ]
        corners = np.array([(x * width, y * height) for x, y in outline], np.int32)
        cv2.fillPoly(copy, [corners], (205, 190, 170), cv2.LINE_AA)
        return copy

    return change


def swaying(pixels: Pixels, count: int, seed: int = 3) -> list[Pixels]:
    """A still picture of a person as a film: she sways and nods a little, and the sensor makes its noise."""
    random = np.random.default_rng(seed)
    shown = []
    for number in range(count):
        angle = 1.5 * np.sin(number * 0.9 + seed) + random.normal(0, 0.3)
        drift = np.array([4 * np.sin(number * 0.5), 2 * np.cos(number * 0.7)])
        turn = cv2.getRotationMatrix2D((320, 480), float(angle), 1.0 + 0.01 * np.sin(number * 0.6))
        turn[:, 2] += random.normal(0, 2.5, 2) + drift
        moved = cv2.warpAffine(pixels, turn, (640, 480), borderMode=cv2.BORDER_REPLICATE)
        shown.append(_bytes(moved + random.normal(0, 2, moved.shape)))
    return shown


def _bytes(values: NDArray[np.floating[Any]]) -> Pixels:
    return np.asarray(np.clip(values, 0, 255), np.uint8)
