"""The demo's webcam: scenes from real clips, or made from public-domain pictures where there are no clips.

Frames are JPEG, 640x480. The scenes, in order, show one person, a second person, one person again, an empty
room, one person, a phone, one person.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import cv2
import numpy as np

SIZE = (640, 480)
JPEG_QUALITY = 85
PHONE = (340, 180, 70, 130)  # left, top, width, height

NOISE = 2.0  # standard deviation of a webcam's noise, in grey values
# What the exam's page says of each picture, as a comment in the JPEG (docs/stream.md).
SAID = b'proctorwise {"is_visible": true}'

Picture = np.ndarray[Any, np.dtype[np.uint8]]
Reel = Callable[[int], Picture]


@dataclass(frozen=True, slots=True)
class Scene:
    """What the camera sees for `seconds`; `shows` is the incident that a watcher should open, if any."""

    name: str
    seconds: int
    reel: Reel
    shows: str = ""
    take: int = 0  # scenes of the same name are different moments

    def frames(self) -> Iterator[bytes]:
        """One JPEG a second, the same every time."""
        return (self.frame(second) for second in range(self.seconds))

    def frame(self, second: int) -> bytes:
        """What a camera takes of this second: no two of its pictures are alike, as its sensor has noise."""
        noise = np.roll(_noise(), zlib.crc32(f"{self.take} {self.name} {second}".encode()))
        seen = np.clip(self.reel(second).astype(np.int16) + noise.reshape(SIZE[1], SIZE[0], 3), 0, 255)
        return _commented(_jpeg(seen.astype(np.uint8)))


@dataclass(frozen=True, slots=True)
class Film:
    """Scenes in order. `is_real` says whether they come from real clips."""

    scenes: tuple[Scene, ...]
    is_real: bool

    @property
    def seconds(self) -> int:
        """How long it runs."""
        return sum(scene.seconds for scene in self.scenes)


@cache
def _noise() -> np.ndarray[Any, np.dtype[np.int16]]:
    """One value for each value of a picture; shifted, it is another picture's."""
    drawn = np.random.default_rng(7).normal(0, NOISE, SIZE[0] * SIZE[1] * 3)
    return np.asarray(np.rint(drawn), np.int16)


def open_film(media: Path) -> Film:
    """A film from the clips below `media`, or from the pictures of an installed package."""
    clips = media / "clips"
    is_real = (clips / "sister.mkv").exists()
    one, two, empty = _from_clips(clips) if is_real else _from_pictures()
    scenes = (
        Scene("one person", 8, one),
        Scene("a second person", 8, two, shows="multiple_faces"),
        Scene("one person", 6, one),
        Scene("an empty room", 11, empty, shows="face_absent"),
        Scene("one person", 8, one),
        Scene("a phone", 8, lambda second: _with_phone(one(second)), shows="forbidden_object"),
        Scene("one person", 8, one),
    )
    return Film(tuple(replace(scene, take=take) for take, scene in enumerate(scenes)), is_real)


def portrait(film: Film) -> bytes:
    """A picture for the identity check: the first frame of the film."""
    return next(film.scenes[0].frames())


def _from_clips(clips: Path) -> tuple[Reel, Reel, Reel]:
    one = _reel(_read(clips / "sister.mkv", every=15, most=6))
    two = _reel(_read(clips / "bird.mkv", every=8, most=8))
    empty = _reel(_read(clips / "one-by-one-person-detection.mp4", every=2, most=10))
    return one, two, empty


def _from_pictures() -> tuple[Reel, Reel, Reel]:
    person = _fit(_packaged("astronaut.png"))
    room = _fit(_packaged("coffee.png"))
    pair = np.hstack([cv2.resize(person, (320, 480)), cv2.resize(cv2.flip(person, 1), (320, 480))])
    return _moving(person), _moving(pair.astype(np.uint8)), _moving(room)


def _packaged(name: str) -> Picture:
    data = (files("skimage") / "data" / name).read_bytes()
    return _decoded(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), name)


def _read(path: Path, every: int, most: int) -> list[Picture]:
    capture = cv2.VideoCapture(str(path))
    pictures: list[Picture] = []
    number = 0
    while len(pictures) < most:
        is_there, picture = capture.read()
        if not is_there:
            break
        if number % every == 0:
            pictures.append(_fit(_decoded(picture, path.name)))
        number += 1
    if not pictures:
        raise ValueError(f"no picture could be read from {path}")
    return pictures


def _reel(pictures: list[Picture]) -> Reel:
    there_and_back = pictures + pictures[-2:0:-1]
    return lambda second: there_and_back[second % len(there_and_back)]


def _moving(picture: Picture) -> Reel:
    def at(second: int) -> Picture:
        shift = np.array([[1, 0, 4 * np.sin(second)], [0, 1, 3 * np.cos(second)]], np.float32)
        return _decoded(cv2.warpAffine(picture, shift, SIZE, borderMode=cv2.BORDER_REPLICATE), "motion")

    return at


def _with_phone(picture: Picture) -> Picture:
    """A drawn phone, screen towards the camera, held beside the chest."""
    drawn = picture.copy()
    left, top, wide, tall = PHONE
    _rounded(drawn, left, top, wide, tall)
    for row in range(top + 8, top + tall - 8):
        light = (row - top) / tall
        drawn[row, left + 4 : left + wide - 4] = (75 + 135 * light, 60 + 110 * light, 45 + 75 * light)
    middle = left + wide // 2
    cv2.rectangle(drawn, (middle - 14, top + 3), (middle + 14, top + 5), (90, 90, 90), -1)
    return drawn


def _rounded(picture: Picture, left: int, top: int, wide: int, tall: int, radius: int = 8) -> None:
    right, bottom, black = left + wide, top + tall, (20, 20, 20)
    cv2.rectangle(picture, (left + radius, top), (right - radius, bottom), black, -1)
    cv2.rectangle(picture, (left, top + radius), (right, bottom - radius), black, -1)
    for x in (left + radius, right - radius):
        for y in (top + radius, bottom - radius):
            cv2.circle(picture, (x, y), radius, black, -1, cv2.LINE_AA)


def _fit(picture: Picture) -> Picture:
    """Cut to 4:3 around the middle, then scale."""
    height, width = picture.shape[:2]
    wide = min(width, height * 4 // 3)
    tall = min(height, width * 3 // 4)
    left, top = (width - wide) // 2, (height - tall) // 2
    return _decoded(cv2.resize(picture[top : top + tall, left : left + wide], SIZE), "picture")


def _decoded(picture: Any, name: str) -> Picture:
    if picture is None:
        raise ValueError(f"{name} could not be decoded")
    return np.asarray(picture, np.uint8)


def _jpeg(picture: Picture) -> bytes:
    is_done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not is_done:
        raise ValueError("a frame could not be encoded")
    return data.tobytes()


def _commented(jpeg: bytes) -> bytes:
    at = 4 + int.from_bytes(jpeg[4:6])  # after the JFIF segment, which comes first
    return jpeg[:at] + b"\xff\xfe" + (len(SAID) + 2).to_bytes(2) + SAID + jpeg[at:]
