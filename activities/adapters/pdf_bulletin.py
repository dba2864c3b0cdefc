"""Sets a bulletin as a PDF: facts first, then each passage's finding with its chart and table, then definitions."""

from collections.abc import Iterator

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer, Table

from activities.adapters.pdf_chart import drawing_of
from activities.adapters.pdf_page import WIDTH, Imprint, set_pages
from activities.adapters.pdf_style import facts, said, table
from schema.bulletin import Bulletin, Chart, Grid, Passage

NAMES = 130.0
BESIDE = 0.62  # the chart's share of the width when its table stands beside it
MOST_BESIDE = (3, 13)  # columns and lines of a table that fits beside a chart
GUTTER = 14.0
ROOM_BELOW_HEADING = 130.0
MOST_TOGETHER = 10  # lines of a table that stands on one page with its chart


def bulletin_of(bulletin: Bulletin) -> bytes:
    """The whole document. The same bulletin gives the same bytes."""
    imprint = Imprint(bulletin.title, bulletin.subject, bulletin.foot)
    return set_pages(imprint, lambda: _story(bulletin))


def _story(bulletin: Bulletin) -> Iterator[Flowable]:
    yield said(bulletin.title, "title")
    yield facts(bulletin.facts, (NAMES, WIDTH - NAMES))
    for passage in bulletin.passages:
        yield from _passage(passage)
    yield CondPageBreak(ROOM_BELOW_HEADING)
    yield said("What the figures mean", "heading")
    yield facts(bulletin.definitions, (NAMES, WIDTH - NAMES))


def _passage(passage: Passage) -> Iterator[Flowable]:
    grid = passage.grid
    opening: list[Flowable] = [said(passage.heading, "heading"), said(passage.finding, "finding")]
    closing = [part for remark in passage.remarks for part in (Spacer(0, 3), said(remark, "small"))]
    if passage.chart and grid and _fits_beside(grid):
        yield KeepTogether([*opening, _beside(passage.chart, grid), *closing])
        return
    if passage.chart:
        opening += [drawing_of(passage.chart, WIDTH), Spacer(0, 6)]
    if grid is None or len(grid.lines) <= MOST_TOGETHER:
        yield KeepTogether([*opening, *([_table(grid, WIDTH)] if grid else []), *closing])
        return
    yield KeepTogether(opening)
    yield _table(grid, WIDTH)
    yield from closing


def _fits_beside(grid: Grid) -> bool:
    return len(grid.heads) <= MOST_BESIDE[0] and len(grid.lines) <= MOST_BESIDE[1]


def _beside(chart: Chart, grid: Grid) -> Flowable:
    left = WIDTH * BESIDE
    right = WIDTH - left - GUTTER
    row = [drawing_of(chart, left), "", _table(grid, right)]
    look = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ]
    return Table([row], colWidths=[left, GUTTER, right], style=look, hAlign="LEFT")


def _table(grid: Grid, width: float) -> Table:
    whole = sum(grid.widths)
    widths = [share / whole * width for share in grid.widths]
    return table(grid.heads, grid.lines, widths, grid.numbers_from)
