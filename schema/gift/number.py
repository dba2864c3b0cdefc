"""Numbers as GIFT writes them: `3.14`, `3.14:0.01` (tolerance), `1..5` (range)."""

import re
from decimal import Decimal, localcontext

from schema.exam import NumericTarget
from schema.gift.problem import Trouble
from schema.gift.span import Span

_NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?")
_COMMA = re.compile(r"[+-]?\d+,\d+")


def target_of(span: Span, fraction: Decimal, feedback: str) -> NumericTarget:
    """The target that a specification names. Raises Trouble."""
    low, high = span.cut("..")
    with localcontext(prec=100):
        if high is not None:
            value, tolerance = _middle(number_of(low), number_of(high), span)
        else:
            middle, width = span.cut(":")
            value, tolerance = number_of(middle), number_of(width) if width is not None else Decimal(0)
    if tolerance < 0:
        raise Trouble(span, "the tolerance is negative; write it without the minus sign")
    return NumericTarget(value=value, tolerance=tolerance, fraction=fraction, feedback=feedback)


def number_of(span: Span) -> Decimal:
    """A number with a decimal point. Raises Trouble."""
    span = span.strip()
    text = span.raw.replace("−", "-")
    if _COMMA.fullmatch(text):
        raise Trouble(span, f"{text!r} has a decimal comma; write a decimal point")
    if not _NUMBER.fullmatch(text) or not text.isascii():
        said = f"{_short(text)} is not a number" if text else "a number is missing"
        raise Trouble(span, f"{said}; write 3.14, 3.14:0.01 (value:tolerance) or 1..5 (from..to)")
    return Decimal(text)


def _middle(low: Decimal, high: Decimal, span: Span) -> tuple[Decimal, Decimal]:
    if low > high:
        raise Trouble(span, f"the range runs from {low} down to {high}; write the smaller number first")
    return (low + high) / 2, (high - low) / 2


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
