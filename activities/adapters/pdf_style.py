"""How reports look: type, sizes and colours, and text that any letter and any sign may be part of."""

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, Table, TableStyle

INK, QUIET, LINE, ACCENT = HexColor("#1a1f24"), HexColor("#4a5560"), HexColor("#d5dae0"), HexColor("#1f4fa3")
# For whom CJK letters are drawn by the reader's own font; everything else is embedded.
EAST_ASIAN = (
    ("HANGUL", "HYSMyeongJo-Medium"),
    ("HIRAGANA", "HeiseiMin-W3"),
    ("KATAKANA", "HeiseiMin-W3"),
    ("CJK", "STSong-Light"),
)


@cache
def text_font() -> str:
    """Noto Sans: Latin, Greek, Cyrillic and Devanagari, embedded as far as it is used."""
    with as_file(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf") as path:
        pdfmetrics.registerFont(TTFont("NotoSans", str(path)))
    # One weight only: headings stand out by size and colour.
    pdfmetrics.registerFontFamily(
        "NotoSans", normal="NotoSans", bold="NotoSans", italic="NotoSans", boldItalic="NotoSans"
    )
    return "NotoSans"


@cache
def _letters() -> frozenset[int]:
    font: Any = pdfmetrics.getFont(text_font())  # a TTFont, which the stubs do not say
    return frozenset(font.face.charToGlyph)


@cache
def _font_of(letter: str) -> str:
    """The font that has this letter; empty where none has."""
    if ord(letter) in _letters() or letter.isspace():
        return text_font()
    name = unicodedata.name(letter, "")
    for prefix, font in EAST_ASIAN:
        if name.startswith(prefix):
            if font not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(UnicodeCIDFont(font))
            return font
    return ""


def runs_of(text: str) -> Iterator[tuple[str, str]]:
    """Runs of the text, each with a font that has its letters; `?` for letters that none has."""
    for font, letters in itertools.groupby(text, _font_of):
        run = "".join(letters)
        yield (font, run) if font else (text_font(), "?" * len(run))


def marked_up(text: str) -> str:
    """Plain text as reportlab's markup: escaped, each run in a font that has its letters, `?` where none has."""
    runs = []
    for font, run in runs_of(text):
        if font == text_font():
            runs.append(escape(run).replace("\n", "<br/>"))
        else:
            runs.append(f'<font name="{font}">{escape(run)}</font>')
    return "".join(runs)


@cache
def style(name: str) -> ParagraphStyle:
    """`title`, `heading`, `subheading`, `finding`, `body`, `small`, a table's `cell` or `head`; also `cell-right`."""
    size, colour, before, after = {
        "title": (22, INK, 0, 8),
        "heading": (17, ACCENT, 16, 6),
        "subheading": (13, INK, 10, 2),
        "finding": (11, INK, 0, 6),
        "body": (10, INK, 0, 4),
        "small": (8, QUIET, 0, 2),
        "cell": (9, INK, 0, 0),
        "head": (9, QUIET, 0, 0),
    }[name.removesuffix("-right")]
    return ParagraphStyle(
        name,
        fontName=text_font(),
        fontSize=size,
        leading=size * 1.35,
        textColor=colour,
        spaceBefore=before,
        spaceAfter=after,
        splitLongWords=True,
        alignment=TA_RIGHT if name.endswith("-right") else TA_LEFT,
    )


def said(text: str, kind: str = "body") -> Paragraph:
    """A paragraph of plain text."""
    return Paragraph(marked_up(text), style(kind))


def table(
    heads: Sequence[str], lines: Sequence[Sequence[str]], widths: list[float], numbers_from: int | None = None
) -> Table:
    """A table whose heading line is repeated on every page; columns from `numbers_from` on stand at the right."""
    cells = [_line(heads, "head", numbers_from), *(_line(line, "cell", numbers_from) for line in lines)]
    look: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    return Table(cells, colWidths=widths, repeatRows=1, style=TableStyle(look), hAlign="LEFT")


def _line(texts: Sequence[str], kind: str, numbers_from: int | None) -> list[Paragraph]:
    first = len(texts) if numbers_from is None else numbers_from
    return [said(text, f"{kind}-right" if place >= first else kind) for place, text in enumerate(texts)]


def facts(lines: Sequence[tuple[str, str]], widths: tuple[float, float]) -> Table:
    """Names and values, without a heading line."""
    cells = [[said(name, "head"), said(value, "cell")] for name, value in lines]
    look = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    return Table(cells, colWidths=list(widths), style=TableStyle(look), hAlign="LEFT")
