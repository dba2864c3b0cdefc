"""Phones in hands, made: drawn with a hand around them and pasted by size, place and light on films of people."""

from dataclasses import dataclass

import cv2
import numpy as np

from ml.frame import Pixels

# Middle of the phone in shares of the picture: beside the head, before the chest, low at the edge.
PLACES = {"head": (0.27, 0.45), "chest": (0.62, 0.72), "low": (0.35, 0.86)}
_SCALE = 4  # drawn larger, then shrunk: soft edges as a lens makes them


@dataclass(frozen=True, slots=True)
class HeldPhone:
    """One way of holding a phone: height in pixels of 480, place, light (1 is the picture's own), screen or back."""

    height: int
    place: str
    gain: float = 1.0
    back: bool = True
    seed: int = 0

    def paste(self, number: int, pixels: Pixels, skin: tuple[int, int, int]) -> Pixels:
        """A copy with the phone in it; it trembles from frame to frame, and drifts a little."""
        random = np.random.default_rng((self.seed, number))
        x, y = PLACES[self.place]
        jitter = random.normal(0, 2.0, 2) + np.array([5 * np.sin(number * 0.8), 4 * np.cos(number * 0.6)])
        drawn, shown = _drawn(self, skin, 8 * np.sin(self.seed + number * 0.3) + 6 * (self.seed % 5 - 2))
        return _laid(
            pixels, drawn, shown, (round(640 * x + jitter[0]), round(480 * y + jitter[1])), self.gain
        )


def _drawn(held: HeldPhone, skin: tuple[int, int, int], angle: float) -> tuple[Pixels, Pixels]:
    """The phone in its hand, turned by this angle, and its mask."""
    height = held.height * _SCALE
    side = height * 2
    canvas, mask = np.zeros((side, side, 3), np.uint8), np.zeros((side, side), np.uint8)
    width = round(height * 0.49)
    left, top = (side - width) // 2, (side - height) // 2
    _palm(canvas, mask, (left, top, width, height), skin)
    _body(canvas, mask, (left, top, width, height), back=held.back, seed=held.seed)
    _fingers(canvas, mask, (left, top, width, height), skin)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), float(angle), 1.0)
    size = (side // _SCALE, side // _SCALE)
    turned = [cv2.warpAffine(made, turn, (side, side)) for made in (canvas, mask)]
    drawn, shown = (
        np.asarray(cv2.resize(made, size, interpolation=cv2.INTER_AREA), np.uint8) for made in turned
    )
    return drawn, shown


def _body(canvas: Pixels, mask: Pixels, place: tuple[int, int, int, int], *, back: bool, seed: int) -> None:
    left, top, width, height = place
    shade = (30, 30, 32) if seed % 2 else (70, 66, 62)
    _rounded(canvas, mask, place, shade, radius=width // 7)
    if back:
        step = width // 5
        island = (left + width // 12, top + width // 12, round(width * 0.42), round(width * 0.42))
        _rounded(canvas, mask, island, (20, 20, 20), radius=step // 2)
        for x, y in ((1, 1), (2, 1), (1, 2)):
            centre = island[0] + x * island[2] // 3, island[1] + y * island[3] // 3
            cv2.circle(canvas, centre, step // 3, (90, 85, 80), -1, cv2.LINE_AA)
            cv2.circle(canvas, centre, step // 5, (12, 12, 12), -1, cv2.LINE_AA)
        return
    edge = width // 16
    screen = (left + edge, top + edge, width - 2 * edge, height - 2 * edge)
    _rounded(canvas, mask, screen, (215, 205, 195), radius=width // 10)
    for line in range(6):
        y = top + height * (line + 2) // 9
        cv2.line(canvas, (left + width // 6, y), (left + width * 4 // 6, y), (120, 110, 100), height // 60)


def _palm(canvas: Pixels, mask: Pixels, place: tuple[int, int, int, int], skin: tuple[int, int, int]) -> None:
    left, top, width, height = place
    centre = left + width // 2, top + round(height * 0.78)
    shade = tuple(round(0.8 * tone) for tone in skin)
    for layer, colour in ((canvas, shade), (mask, (255,))):
        cv2.ellipse(layer, centre, (round(width * 0.72), round(height * 0.36)), 0, 0, 360, colour, -1)
        cv2.line(layer, centre, (centre[0] + width // 3, top + height * 2), colour, round(width * 0.7))


def _fingers(
    canvas: Pixels, mask: Pixels, place: tuple[int, int, int, int], skin: tuple[int, int, int]
) -> None:
    left, top, width, height = place
    thick = round(height * 0.105)
    for finger in range(4):
        y = top + round(height * (0.42 + 0.125 * finger))
        ends = (left - width // 6, y + thick // 3), (left + round(width * 0.22), y)
        shade = tuple(round((0.92 - 0.03 * finger) * tone) for tone in skin)
        cv2.line(canvas, *ends, shade, thick, cv2.LINE_AA)
        cv2.line(mask, *ends, 255, thick)
    thumb = (
        (left + width + width // 7, top + round(height * 0.7)),
        (left + round(width * 0.86), top + height // 2),
    )
    cv2.line(canvas, *thumb, skin, round(thick * 1.2), cv2.LINE_AA)
    cv2.line(mask, *thumb, 255, round(thick * 1.2))


def _rounded(
    canvas: Pixels, mask: Pixels, place: tuple[int, int, int, int], colour: tuple[int, int, int], radius: int
) -> None:
    left, top, width, height = place
    inner = [
        (left + radius, top, width - 2 * radius, height),
        (left, top + radius, width, height - 2 * radius),
    ]
    corners = [(left + radius, top + radius), (left + width - radius, top + radius)]
    corners += [(x, top + height - radius) for x, _ in corners]
    for layer, paint in ((canvas, colour), (mask, (255,))):
        for box in inner:
            cv2.rectangle(layer, box, paint, -1)
        for corner in corners:
            cv2.circle(layer, corner, radius, paint, -1, cv2.LINE_AA)


def _laid(pixels: Pixels, drawn: Pixels, mask: Pixels, middle: tuple[int, int], gain: float) -> Pixels:
    """The drawing over the picture, in the picture's light, as soft as the picture."""
    side = drawn.shape[0]
    left, top = middle[0] - side // 2, middle[1] - side // 2
    rows = slice(max(0, top), min(pixels.shape[0], top + side))
    columns = slice(max(0, left), min(pixels.shape[1], left + side))
    part = drawn[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    cover = mask[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    light = np.float32(gain * min(1.0, 0.35 + float(pixels.mean()) / 190))
    copy = pixels.astype(np.float32)
    share = cv2.GaussianBlur(cover, (3, 3), 0.7).astype(np.float32)[..., None] / 255
    soft = cv2.GaussianBlur(part, (3, 3), 0.8).astype(np.float32) * light
    copy[rows, columns] = copy[rows, columns] * (1 - share) + soft * share
    return np.clip(copy, 0, 255).astype(np.uint8)
