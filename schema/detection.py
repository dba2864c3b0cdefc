"""What one frame shows, as plain values: the border every vendor's object stops at.

Coordinates are fractions of the picture's width and height, origin top left, each 0 to 1.
"""

from dataclasses import dataclass
from enum import StrEnum


class Thing(StrEnum):
    """The objects that a rule may ask for; names follow the COCO classes."""

    PERSON = "person"
    PHONE = "cell phone"
    BOOK = "book"
    SCREEN = "tv"
    LAPTOP = "laptop"


@dataclass(frozen=True, slots=True)
class Box:
    """Left, top, right, bottom as fractions of the picture."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Point:
    """A position as fractions of the picture."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Face:
    """A face with its score (0 to 1) and keypoints: right eye, left eye, nose tip, mouth, right ear, left ear."""

    box: Box
    score: float
    keypoints: tuple[Point, Point, Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A thing that was seen, with its score (0 to 1)."""

    thing: Thing
    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Quality of the picture, measured on a 160x120 grey copy.

    brightness: mean grey 0 to 255; contrast: standard deviation of grey; sharpness: variance of the
    Laplacian; motion: mean absolute difference to the frame before, 0 to 255 (0 for the first), measured
    on a further shrunk copy so that sensor noise is none; has_returned: the very copy was there before others.
    """

    brightness: float
    contrast: float
    sharpness: float
    motion: float
    has_returned: bool = False


@dataclass(frozen=True, slots=True)
class Detections:
    """Everything seen in one frame. `sightings` is None where the object detector did not look.

    `background` are the boxes of what is part of the room (a poster, a television, a thing that has lain there from the
    start) and counts for nothing; `is_new_picture` is true once an attempt, when a face is first found to be such.
    `quarters` is by how many quarters, against the clock, the picture must be turned for its face to be found: 0 unless
    the camera is turned. `is_elsewhere` is true where nobody is seen and the whole room is another one than when
    somebody was, as plain as a ceiling.
    `unlikeness` is how far the only face is from the one at check-in, where it was compared.
    """

    faces: tuple[Face, ...]
    sightings: tuple[Sighting, ...] | None
    picture: Picture
    background: tuple[Box, ...] = ()
    is_new_picture: bool = False
    quarters: int = 0
    is_elsewhere: bool = False
    unlikeness: float | None = None
