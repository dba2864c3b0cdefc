"""Draws charts as vectors: readable in grey, axes named with their units, values written where they stand."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from reportlab.graphics.shapes import Circle, Drawing, PolyLine

from activities.adapters.pdf_plot import (
    BAR,
    SMALL,
    STRONG,
    Scale,
    blank,
    box,
    fitted,
    put,
    rule,
    scale_of,
    unknown,
    width_of,
)
from activities.adapters.pdf_style import INK, QUIET
from schema.bulletin import Chart, ChartKind, Mark

HEIGHT = 190.0
LEFT, BELOW, ABOVE, RIGHT = 34.0, 30.0, 24.0, 8.0
BAR_STEP = 15.0
LABEL_SHARE = 0.34
GAP = 3.0


def drawing_of(chart: Chart, width: float) -> Drawing:
    """The chart at a width in points; bars take the height that their number needs."""
    return _bars(chart, width) if chart.kind is ChartKind.BARS else _upright(chart, width)


def _known(chart: Chart) -> list[float]:
    return [mark.value for mark in chart.marks if mark.value is not None]


def _scale(chart: Chart, start: float, end: float) -> Scale:
    top = chart.highest if chart.highest is not None else max([chart.lowest, *_known(chart)])
    high = top if top > chart.lowest else chart.lowest + 1
    return scale_of(chart.lowest, high, start, end, is_whole=chart.digits == 0)


def _upright(chart: Chart, width: float) -> Drawing:
    drawing = blank(width, HEIGHT)
    up = _scale(chart, BELOW, HEIGHT - ABOVE)
    for step in up.steps:
        rule(drawing, LEFT, up.at(step), width - RIGHT, up.at(step))
        put(drawing, LEFT - 4, up.at(step) - SMALL / 3, up.written(step), anchor="end", colour=QUIET)
    put(drawing, 0, HEIGHT - SMALL - 1, chart.up, colour=QUIET)
    put(drawing, width - RIGHT, 2, chart.across, anchor="end", colour=QUIET)
    slot = (width - LEFT - RIGHT) / len(chart.marks)
    _draw_unknown(drawing, chart, slot)
    if chart.kind is ChartKind.LINE:
        _draw_line(drawing, chart, up, slot)
    else:
        _draw_columns(drawing, chart, up, slot)
    rule(drawing, LEFT, up.at(max(0.0, up.low)), width - RIGHT, up.at(max(0.0, up.low)), INK)
    _draw_names(drawing, chart, slot)
    _draw_values(drawing, chart, up, slot)
    return drawing


def _draw_unknown(drawing: Drawing, chart: Chart, slot: float) -> None:
    place = 0
    for note, run in groupby(chart.marks, lambda mark: mark.note if mark.value is None else None):
        count = len(list(run))
        if note:
            unknown(drawing, LEFT + place * slot, BELOW, count * slot, HEIGHT - ABOVE - BELOW, note)
        place += count


def _draw_columns(drawing: Drawing, chart: Chart, up: Scale, slot: float) -> None:
    highest = max(_known(chart), default=None)
    gap = min(GAP, slot * 0.2)
    for place, mark in enumerate(chart.marks):
        if mark.value is not None:
            colour = STRONG if mark.value == highest else BAR
            base = up.at(max(0.0, up.low))
            box(drawing, LEFT + place * slot + gap / 2, base, slot - gap, up.at(mark.value) - base, colour)


def _draw_line(drawing: Drawing, chart: Chart, up: Scale, slot: float) -> None:
    for run in _unbroken(chart.marks):
        points = [(LEFT + (place + 0.5) * slot, up.at(value)) for place, value in run]
        if len(points) > 1:
            flat = [coordinate for point in points for coordinate in point]
            drawing.add(PolyLine(flat, strokeColor=STRONG, strokeWidth=1.5))
        for x, y in points:
            drawing.add(Circle(x, y, 2.2, fillColor=STRONG, strokeColor=None))


def _unbroken(marks: Sequence[Mark]) -> Iterator[list[tuple[int, float]]]:
    """Runs of marks between bands of the unknown; a mark without a value and a note is passed over."""
    run: list[tuple[int, float]] = []
    for place, mark in enumerate(marks):
        if mark.value is not None:
            run.append((place, mark.value))
        elif mark.note and run:
            yield run
            run = []
    if run:
        yield run


def _draw_names(drawing: Drawing, chart: Chart, slot: float) -> None:
    widest = max(width_of(mark.label) for mark in chart.marks) + 4
    every = max(1, -int(-widest // slot))
    for place in range(0, len(chart.marks), every):
        x = LEFT + (place + 0.5) * slot
        put(drawing, x, BELOW - SMALL - 3, chart.marks[place].label, anchor="middle", colour=QUIET)


def _draw_values(drawing: Drawing, chart: Chart, up: Scale, slot: float) -> None:
    written = [None if mark.value is None else f"{mark.value:.{chart.digits}f}" for mark in chart.marks]
    widest = max((width_of(text) for text in written if text), default=0.0)
    highest = max(_known(chart), default=None)
    for place, (mark, text) in enumerate(zip(chart.marks, written, strict=True)):
        if mark.value is not None and text and (widest + 2 <= slot or mark.value == highest):
            if mark.value == highest and widest + 2 > slot:
                highest = None  # of several that are equally high, the first is labelled
            put(drawing, LEFT + (place + 0.5) * slot, up.at(mark.value) + 4, text, anchor="middle")


def _bars(chart: Chart, width: float) -> Drawing:
    height = len(chart.marks) * BAR_STEP + BELOW + 2 * SMALL
    drawing = blank(width, height)
    left = width * LABEL_SHARE
    across = _scale(chart, left + (16 if chart.lowest < 0 else 0), width - RIGHT - 22)
    top = height - 2 * SMALL
    for step in across.steps:
        rule(drawing, across.at(step), BELOW, across.at(step), top)
        put(drawing, across.at(step), BELOW - SMALL - 3, across.written(step), anchor="middle", colour=QUIET)
    put(drawing, width - RIGHT, 2, chart.across, anchor="end", colour=QUIET)
    put(drawing, 0, height - SMALL, chart.up, colour=QUIET)
    for place, mark in enumerate(chart.marks):
        _draw_bar(drawing, chart, mark, across, top - (place + 1) * BAR_STEP, left)
    zero = across.at(max(0.0, across.low))
    rule(drawing, zero, BELOW, zero, top, INK)
    return drawing


def _draw_bar(drawing: Drawing, chart: Chart, mark: Mark, across: Scale, low: float, left: float) -> None:
    base = low + BAR_STEP / 2 - SMALL / 3
    put(drawing, left - 4, base, fitted(mark.label, left - 8), anchor="end")
    zero = across.at(max(0.0, across.low))
    if mark.value is None:
        put(drawing, zero + 4, base, mark.note, colour=QUIET)
        return
    end = across.at(mark.value)
    box(drawing, zero, low + 2, end - zero, BAR_STEP - 4, STRONG if mark is chart.marks[0] else BAR)
    is_left = mark.value < 0
    put(
        drawing,
        end - 3 if is_left else end + 3,
        base,
        f"{mark.value:.{chart.digits}f}",
        anchor="end" if is_left else "start",
    )
