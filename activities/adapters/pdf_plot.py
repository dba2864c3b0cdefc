"""What every chart is drawn with: text in any script, a scale with round steps, and bands where nothing is known."""

import math
from dataclasses import dataclass
from typing import Any

from reportlab.graphics.shapes import Drawing, Group, Line, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from activities.adapters.pdf_style import INK, LINE, QUIET, runs_of, text_font

SMALL = 7.5
BAR, STRONG, UNKNOWN = HexColor("#8ea3c2"), HexColor("#1f4fa3"), HexColor("#f1f3f5")
MOST_STEPS = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values from `low` to `high` onto points from `start` to `end`; `steps` are round values between."""

    low: float
    high: float
    start: float
    end: float
    steps: tuple[float, ...]

    def at(self, value: float) -> float:
        """Where a value stands, kept within the scale."""
        inside = min(max(value, self.low), self.high)
        return self.start + (inside - self.low) / (self.high - self.low) * (self.end - self.start)

    def written(self, step: float) -> str:
        """A step with as many decimals as its neighbours need."""
        size = self.steps[1] - self.steps[0]
        return f"{step:.{max(0, -math.floor(math.log10(size) + 1e-9))}f}"


def scale_of(low: float, high: float, start: float, end: float, *, is_whole: bool) -> Scale:
    """A scale with at most MOST_STEPS round steps from `low` to `high` or the step above it."""
    size = _round_step((high - low) / MOST_STEPS)
    if is_whole:
        size = max(1.0, size)
    count = max(1, math.ceil((high - low) / size - 1e-9))
    steps = tuple(round(low + number * size, 6) for number in range(count + 1))
    return Scale(low, steps[-1], start, end, steps)


def _round_step(at_least: float) -> float:
    if at_least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(at_least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= at_least * (1 - 1e-9))


def width_of(text: str, size: float = SMALL) -> float:
    """In points."""
    return sum(stringWidth(run, font, size) for font, run in runs_of(text))


def fitted(text: str, width: float, size: float = SMALL) -> str:
    """The text, cut with an ellipsis where it is wider."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def put(
    drawing: Drawing | Group, x: float, y: float, text: str, *, anchor: str = "start", colour: Color = INK
) -> None:
    """Write text whose start, middle or end stands at x, its base line at y."""
    x -= {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width_of(text)
    for font, run in runs_of(text):
        drawing.add(String(x, y, run, fontName=font, fontSize=SMALL, fillColor=colour))
        x += stringWidth(run, font, SMALL)


def rule(drawing: Drawing, x1: float, y1: float, x2: float, y2: float, colour: Color = LINE) -> None:
    """A thin line."""
    drawing.add(Line(x1, y1, x2, y2, strokeColor=colour, strokeWidth=0.5))


def box(drawing: Drawing, x: float, y: float, width: float, height: float, colour: Color) -> None:
    """A filled rectangle; negative sizes lead to the left and down."""
    left, low = min(x, x + width), min(y, y + height)
    _area(drawing, left, low, abs(width), abs(height), colour)


def unknown(drawing: Drawing, left: float, low: float, width: float, height: float, note: str) -> None:
    """A pale band that says why nothing is drawn in it; upright where it is narrow, mute where it is narrower."""
    band = _area(drawing, left, low, width, height, UNKNOWN)
    band.strokeColor, band.strokeWidth, band.strokeDashArray = LINE, 0.5, (2, 2)
    if width >= width_of(note) + 4:
        put(drawing, left + width / 2, low + height / 2, note, anchor="middle", colour=QUIET)
    elif width >= SMALL + 2:
        turned = Group()
        put(turned, 0, 0, note, anchor="middle", colour=QUIET)
        turned.translate(left + width / 2 + SMALL / 3, low + height / 2)
        turned.rotate(90)
        drawing.add(turned)


def blank(width: float, height: float) -> Drawing:
    """An empty drawing in the text's font."""
    text_font()
    return Drawing(width, height)


def _area(drawing: Drawing, left: float, low: float, width: float, height: float, colour: Color) -> Any:
    area: Any = Rect(left, low, width, height)  # the stubs do not know its looks
    area.fillColor, area.strokeColor, area.strokeWidth = colour, None, 0
    drawing.add(area)
    return area
