"""What a typed number means: one rule for the exam room's field and for the interface.

`api/static/question/typed-number.js` is the same rule for browsers; `tests/schema/number/typed.json` holds both to it.

* Digits of any script in `_ZEROS`; a sign, a minus of any kind; a point or a comma before the decimals, or `٫`.
* Thousands in threes by one kind of space, apostrophe, point or comma: `16 000`, `1,234,567`, `3.500,00`.
* An exponent: `1e-3`. At most 15 digits before the decimals and 15 decimals.
* `16,000` may be sixteen or sixteen thousand: it is asked, never guessed. A lone point is always a decimal point.
* Everything else (fractions, units, words, formulas) is no number here.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

MOST_DIGITS = 15  # before the decimals, and as many decimals
_LONGEST = 100  # characters that are looked at

_ZEROS = "0٠۰०০੦૦୦௦౦೦൦๐໐༠၀០᠐０"
_DIGITS = {ord(zero) + digit: str(digit) for zero in _ZEROS for digit in range(10)}
_INVISIBLE = [0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
_SPACES = [0x9, 0xA, 0xD, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000]
_PLAIN: dict[int, str | None] = {
    **_DIGITS,
    **dict.fromkeys(_INVISIBLE),
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(map(ord, "−﹣－‐‑‒–"), "-"),
    **dict.fromkeys(map(ord, "'‘’ʼ٬"), "’"),
    **{ord("＋"): "+", ord("٫"): ".", ord("．"): ".", ord("，"): ","},
}
_NUMBER = re.compile(r"([+-]?) ?([0-9.,’ ]*[0-9.,])(?:[eE]([+-]?[0-9]{1,3}))?")
_WHOLE_AND_DECIMALS = re.compile(r"([0-9]*)(?:([.,])([0-9]*))?")
_THOUSANDS = re.compile(r"([1-9][0-9]{0,2})(?:([ ’.,])[0-9]{3})(?:\2[0-9]{3})*(?:([.,])([0-9]+))?")
_MAYBE_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}")


class Doubt(StrEnum):
    """Why a text is not understood as one number."""

    UNCLEAR = "unclear"
    AMBIGUOUS = "ambiguous"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood: a value, or a doubt; `choices` are what an ambiguous text may mean."""

    value: Decimal | None = None
    doubt: Doubt | None = None
    choices: tuple[Decimal, ...] = ()


def read_number(text: str) -> Reading:
    """What this text means."""
    found = _NUMBER.fullmatch(text[:_LONGEST].translate(_PLAIN).strip()) if len(text) <= _LONGEST else None
    readings = _readings(found[2]) if found else ()
    if found is None or not readings:
        return Reading(doubt=Doubt.UNCLEAR)
    values = [_value(found[1], reading, found[3] or "0") for reading in readings]
    fitting = tuple(value for value in values if value is not None)
    if len(fitting) < len(values):
        return Reading(doubt=Doubt.TOO_LONG)
    return Reading(fitting[0]) if len(fitting) == 1 else Reading(doubt=Doubt.AMBIGUOUS, choices=fitting)


def _readings(body: str) -> tuple[str, ...]:
    """The number, or the numbers, that digits and separators may mean, with a point before the decimals."""
    if (found := _WHOLE_AND_DECIMALS.fullmatch(body)) and (found[1] or found[3]):
        whole, mark, decimals = found[1], found[2], found[3] or ""
        number = f"{whole or 0}.{decimals}" if decimals else whole
        is_double = mark == "," and len(decimals) == 3 and _MAYBE_THOUSANDS.fullmatch(whole)
        return (whole + decimals, number) if is_double else (number,)
    found = _THOUSANDS.fullmatch(body)
    if found is None or found[2] == found[3]:
        return ()
    whole, decimals = (body[: found.start(3)], f".{found[4]}") if found[3] else (body, "")
    return (re.sub(r"[^0-9]", "", whole) + decimals,)


def _value(sign: str, number: str, exponent: str) -> Decimal | None:
    """Exact; None where it has more digits than are kept."""
    plain = format(Decimal(f"{number}E{exponent}"), "f")
    whole, _, decimals = plain.partition(".")
    if len(decimals) > MOST_DIGITS:
        decimals = decimals.rstrip("0")
    if len(whole.lstrip("0")) > MOST_DIGITS or len(decimals) > MOST_DIGITS:
        return None
    value = Decimal(f"{whole}.{decimals}" if decimals else whole)
    return value.copy_negate() if sign == "-" and value else value
