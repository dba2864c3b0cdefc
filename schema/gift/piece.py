"""One answer inside the braces: its marker, weight, text and feedback."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from schema.gift.markup import Markup, marked, to_markdown
from schema.gift.problem import Trouble
from schema.gift.span import Span

_WEIGHT = re.compile(r"%([-+−\d.,\s]{0,20})%")  # other text between two % is just text
_PER_CENT = re.compile(r"[+-]?\d{1,3}(?:\.\d{0,7})?")
_UNIT = Decimal("0.000000001")


@dataclass(frozen=True, slots=True)
class Piece:
    """`marker` is `=` or `~`; `weight` a share of the points, None where none is written."""

    marker: str
    weight: Decimal | None
    body: Span
    feedback: str


def pieces(span: Span, default: Markup, most: int, markers: str = "=~") -> Iterator[Piece]:
    """The answers of a block. Raises Trouble for too many, for text before the first one, and for bad weights."""
    starts = sorted(offset for marker in markers for offset in span.all(marker))
    if len(starts) > most:
        raise Trouble(span, f"there are {len(starts)} answers; write at most {most}")
    lead = span.before(starts[0] if starts else span.end).strip()
    if lead:
        raise Trouble(
            lead, "there is text before the first answer; begin each answer with = (right) or ~ (wrong)"
        )
    for start, end in zip(starts, [*starts[1:], span.end], strict=False):
        yield _piece(Span(span.source, start, end), default)


def feedback_of(span: Span | None, default: Markup) -> str:
    """A feedback in Markdown; empty where there is none."""
    if span is None:
        return ""
    markup, text = marked(span, default)
    return to_markdown(text.text, markup)


def _piece(span: Span, default: Markup) -> Piece:
    body, comment = span.after(span.start + 1).cut("#")
    weight, body = weighed(body.strip())
    return Piece(span.raw[0], weight, body, feedback_of(comment, default))


def weighed(body: Span) -> tuple[Decimal | None, Span]:
    """The weight that leads a body, and the rest. Raises Trouble when it is no number from -100 to 100."""
    found = _WEIGHT.match(body.raw)
    if found is None:
        return None, body
    text = found[1].strip().replace("−", "-")
    if not _PER_CENT.fullmatch(text) or not text.isascii() or abs(Decimal(text)) > 100:
        raise Trouble(
            body, f"the weight {found[0]!r} is not a number from -100 to 100; write %50% or %-33.33333%"
        )
    return Decimal(text) / 100, body.after(body.start + found.end()).strip()


def snapped(weights: list[Decimal]) -> list[Decimal]:
    """Weights whose positive ones add up to 1 but for rounding (3 times 33.333 %) made to add up exactly."""
    right = [place for place, weight in enumerate(weights) if weight > 0]
    missing = 1 - sum((weights[place] for place in right), Decimal(0))
    if right and missing and abs(missing) <= Decimal("0.001"):
        weights = [*weights]
        weights[right[-1]] = (weights[right[-1]] + missing).quantize(_UNIT)
    return weights
