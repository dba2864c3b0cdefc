"""Drawn people before a drawn wall, for the camera of the tour: pictures that show nobody, and faces that are found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from api.demo.film import Film, Picture, Reel, Scene

WIDTH, HEIGHT = 640, 480
SEED = 7  # of the camera's noise: without any, a flat picture would count as a covered camera
INK, WHITE = (30, 30, 40), (245, 245, 248)
Colour = tuple[int, int, int]  # blue, green, red


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody who is drawn: colours, where the face is, and how large against a face 200 pixels high."""

    skin: Colour = (150, 180, 222)
    hair: Colour = (40, 50, 70)
    shirt: Colour = (120, 80, 50)
    at: tuple[int, int] = (320, 230)
    size: float = 1.0


SAM = Sitter()
FRIEND = Sitter((96, 130, 178), (24, 22, 26), (70, 120, 70), (500, 215), 0.7)


def film() -> Film:
    """What the tour's student shows: alone, then with a friend."""
    alone, together = reel(SAM), reel(SAM, FRIEND)
    scenes = Scene("one person", 12, alone), Scene("a second person", 6, together, shows="multiple_faces")
    return Film(scenes, is_real=False)


def reel(*sitters: Sitter) -> Reel:
    """Pictures of these people, or of the empty room, who sway a little."""

    def at(second: int) -> Picture:
        picture = _wall()
        for sitter in sitters:
            x, y = sitter.at
            _Pencil(picture, (x + round(4 * np.sin(second)), y + round(3 * np.cos(second))), sitter).person()
        noise = np.random.default_rng(SEED + second).normal(0, 3, picture.shape)
        return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)

    return at


def _wall() -> Picture:
    down = np.linspace(0, 1, HEIGHT)[:, None, None]
    picture = (np.array([205, 198, 186]) - down * np.array([30, 28, 20])) * np.ones((1, WIDTH, 1))
    drawn = np.array(picture, np.uint8)
    cv2.rectangle(drawn, (40, 60), (170, 210), (120, 150, 175), -1)
    for left, top in ((50, 70), (108, 70), (50, 138), (108, 138)):
        cv2.rectangle(drawn, (left, top), (left + 52, top + 62), (225, 205, 170), -1)
    cv2.rectangle(drawn, (470, 90), (620, 104), (90, 110, 140), -1)
    books = ((70, 70, 160), (150, 110, 60), (80, 140, 90), (60, 130, 190), (130, 90, 130))
    for place, colour in enumerate(books):
        tall = 52 + 7 * (place * 3 % 4)
        cv2.rectangle(drawn, (480 + place * 26, 90 - tall), (500 + place * 26, 90), colour, -1)
    return drawn


class _Pencil:
    """Draws one person around the middle of their face."""

    def __init__(self, picture: Picture, middle: tuple[int, int], sitter: Sitter) -> None:
        self.picture = picture
        self.middle = middle
        self.size = sitter.size
        self.sitter = sitter

    def person(self) -> None:
        self._body()
        self._head()
        for side in (-1, 1):
            self._eye(side * 32)
        shade = self._shade(0.72)
        self._oval((3, 14), (9, 26), shade, (-60, 75), 3)
        self._oval((0, 34), (14, 7), shade, (10, 170), 3)
        self._oval((0, 56), (28, 11), (95, 95, 190), (0, 180))
        self._oval((0, 56), (28, 4), (85, 85, 170), (180, 360))

    def _body(self) -> None:
        x, y = self.middle
        left, right, top = x - self._px(165), x + self._px(165), y + self._px(245)
        self._oval((0, 245), (165, 120), self.sitter.shirt, (180, 360))
        cv2.rectangle(self.picture, (left, top), (right, HEIGHT), self.sitter.shirt, -1)
        self._oval((0, -22), (88, 108), self.sitter.hair)
        neck = self._shade(0.85)
        start, end = (x - self._px(34), y + self._px(70)), (x + self._px(34), y + self._px(145))
        cv2.rectangle(self.picture, start, end, neck, -1)
        self._oval((0, 145), (34, 18), neck, (0, 180))

    def _head(self) -> None:
        for side in (-1, 1):
            self._oval((side * 76, 8), (12, 22), self._shade(0.85))
        self._oval((0, 0), (76, 100), self.sitter.skin)
        self._softly(self._light_on_the_face)
        self._oval((0, -62), (80, 52), self.sitter.hair, (180, 360))
        self._oval((-18, -64), (60, 20), self.sitter.hair, (0, 180))

    def _light_on_the_face(self) -> None:
        self._oval((0, 8), (70, 90), self._shade(0.88), (20, 160), 14)
        for side in (-1, 1):
            self._oval((side * 42, 34), (20, 20), (130, 145, 225))
            self._oval((side * 32, -14), (26, 20), self._shade(0.82))

    def _eye(self, off: int) -> None:
        self._oval((off, -32), (20, 7), self.sitter.hair, (195, 345), 6)
        self._oval((off, -12), (18, 10), WHITE)
        self._oval((off, -12), (9, 9), (70, 80, 60))
        self._oval((off, -12), (4, 4), INK)
        self._oval((off + 3, -15), (2, 2), WHITE)
        self._oval((off, -12), (19, 11), INK, (185, 355), 3)

    def _softly(self, draw: Callable[[], None]) -> None:
        """Draw blurred, and only within the face."""
        before = self.picture.copy()
        draw()
        soft = cv2.GaussianBlur(self.picture, (0, 0), 6 * self.size)
        face = np.zeros((HEIGHT, WIDTH), np.uint8)
        axes = (self._px(75), self._px(99))
        cv2.ellipse(face, self.middle, axes, 0, 0, 360, 255, -1)
        mixed = cv2.addWeighted(before, 0.45, soft, 0.55, 0)
        self.picture[:] = np.where(face[..., None] > 0, mixed, before)

    def _oval(
        self,
        off: tuple[int, int],
        axes: tuple[int, int],
        colour: Colour,
        arc: tuple[int, int] = (0, 360),
        line: int = 0,
    ) -> None:
        """`off` from the middle; filled, or a line so many pixels wide."""
        x, y = self.middle
        middle = (x + self._px(off[0]), y + self._px(off[1]))
        wide = max(1, self._px(line)) if line else -1
        half = (self._px(axes[0]), self._px(axes[1]))
        cv2.ellipse(self.picture, middle, half, 0, *arc, colour, wide, cv2.LINE_AA)

    def _px(self, length: float) -> int:
        return round(length * self.size)

    def _shade(self, share: float) -> Any:
        return tuple(int(part * share) for part in self.sitter.skin)
