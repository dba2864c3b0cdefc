"""A place in the room where a face, a person or a thing was seen, and whether its look changes."""

import base64
from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ml.frame import Pixels
from schema.detection import Box
from schema.model import State

Sides = tuple[float, float, float, float]

PATCH = 12  # pixels a side of a place's remembered look: small enough that a sensor's noise averages away
GRAIN = 1.0  # grey levels of change that say nothing, beside twice what the picture's corners change by
SHIFTED = 0.15  # of the height: more than a detector's own trembling
REACH = 0.6  # of the height: as far as the same place reaches
COMPARED = 3  # looks that are remembered
CORNERS: tuple[Sides, ...] = (
    (0.02, 0.02, 0.14, 0.18),
    (0.86, 0.02, 0.98, 0.18),
    (0.02, 0.45, 0.14, 0.6),
    (0.86, 0.45, 0.98, 0.6),
)


class Place(State):
    """Where something was seen. `verdict`: "" (undecided), live, still, fixed (in the room), word (a proctor's)."""

    what: str
    sides: Sides
    first_at: datetime
    last_at: datetime
    patch: str = ""
    changes: list[bool] = Field(default_factory=list)  # of its own look, look by look
    student_changes: list[bool] = Field(default_factory=list)  # of the student's, at the same looks
    verdict: str = ""
    framed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A face, a person or a thing of one frame."""

    what: str
    box: Box

    @property
    def height(self) -> float:
        """As a share of the picture's."""
        return self.box.bottom - self.box.top

    @property
    def middle(self) -> tuple[float, float]:
        """Of its box."""
        return (self.box.left + self.box.right) / 2, (self.box.top + self.box.bottom) / 2


def place_of(one: Found, at: datetime, pixels: Pixels) -> Place:
    """A new place."""
    sides = sides_of(one.box)
    return Place(what=one.what, sides=sides, first_at=at, last_at=at, patch=packed(patch(pixels, sides)))


def look_again(place: Place, one: Found, at: datetime, pixels: Pixels, grain: float) -> bool:
    """Whether the place changed since its remembered look, which then follows. `grain` is what changes everywhere."""
    changed = (
        _differs(patch(pixels, place.sides), place.patch, grain)
        or distance(place, one) > SHIFTED * one.height
    )
    place.last_at = at
    if changed:
        place.sides = sides_of(one.box)
        place.patch = packed(patch(pixels, place.sides))
    return changed


def is_at(place: Place, one: Found) -> bool:
    """Whether this was found at that place."""
    height = place.sides[3] - place.sides[1]
    least = 0.7 if place.verdict else 0.4  # somebody who comes close before a poster is no poster
    is_alike = least < height / max(one.height, 1e-6) < 1 / least
    return place.what == one.what and is_alike and distance(place, one) < REACH * max(height, one.height)


def distance(place: Place, one: Found) -> float:
    """Between the middles, in heights of a 4:3 picture."""
    (x, y), (u, v) = Found(place.what, Box(*place.sides)).middle, one.middle
    return max(abs(x - u) * 4 / 3, abs(y - v))


def corner_grain(pixels: Pixels, before: str) -> tuple[float, str]:
    """How much the picture's corners changed since `before`, the middle one of four, and what to remember of them."""
    now = [patch(pixels, sides) for sides in CORNERS]
    text = packed(np.concatenate(now))
    if not before:
        return 0.0, text
    changes = [
        _change(one, other) for one, other in zip(now, np.split(unpacked(before), len(CORNERS)), strict=True)
    ]
    return float(np.median(changes)), text


def patch(pixels: Pixels, sides: Sides) -> NDArray[np.uint8]:
    """The look of a place, small and grey."""
    height, width = pixels.shape[:2]
    left, right = (round(side * width) for side in sides[::2])
    top, bottom = (round(side * height) for side in sides[1::2])
    left, top = (
        max(0, min(left, width - 2)),
        max(0, min(top, height - 2)),
    )  # a sliver at the edge has a look too
    part = np.ascontiguousarray(pixels[top : max(bottom, top + 2), left : max(right, left + 2)])
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, (PATCH, PATCH), interpolation=cv2.INTER_AREA), np.uint8)


def sides_of(box: Box) -> Sides:
    """Rounded, for a small state."""
    left, top, right, bottom = (round(side, 4) for side in (box.left, box.top, box.right, box.bottom))
    return left, top, right, bottom


def packed(look: NDArray[np.uint8]) -> str:
    """As text for the state."""
    return base64.b64encode(look.tobytes()).decode()


def unpacked(text: str) -> NDArray[np.uint8]:
    """Rows of PATCH pixels."""
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(-1, PATCH)


def _differs(look: NDArray[np.uint8], before: str, grain: float) -> bool:
    return not before or _change(look, unpacked(before)) > GRAIN + 2 * grain


def _change(look: NDArray[np.uint8], before: NDArray[np.uint8]) -> float:
    """Mean change of grey, apart from brighter or darker light."""
    one, other = (each.astype(np.float32) - each.mean() for each in (look, before))
    spread = max(float(one.std()), 1.0)
    return float(np.abs(one * min(1.25, max(0.8, float(other.std()) / spread)) - other).mean())
