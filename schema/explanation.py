"""The words of marking: short sentences that tell a student what was given, what is right and what it earned."""

from collections.abc import Iterable
from decimal import Decimal

from schema.exam import NumericTarget, Option, Question
from schema.grading import AnswerValue
from schema.review import EssayVerdict

NOT_ANSWERED = "Not answered."
AWAITS_GRADER = "A grader marks this answer."
QUOTED = 60

_GIVEN = {
    "choice": "a choice of options",
    "truth": "true or false",
    "number": "a number",
    "text": "a text",
}
_ASKED = {
    "single_choice": "one option",
    "multiple_choice": "a choice of options",
    "true_false": "true or false",
    "numeric": "a number",
    "essay": "a text",
}


def plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text.replace("-", "−")


def points_of(earned: Decimal, points: Decimal) -> str:
    """`1 of 2 points`."""
    return f"{plain(earned)} of {plain(points)} {'point' if points == 1 else 'points'}"


def listed(words: Iterable[str]) -> str:
    """`a, b and c`."""
    *rest, last = list(words) or ["nothing"]
    return f"{', '.join(rest)} and {last}" if rest else last


def quoted(option: Option) -> str:
    """The option's text on one line, shortened; its letter on the screen differs from paper to paper."""
    text = " ".join(option.text.split())
    return f"“{text if len(text) <= QUOTED else text[: QUOTED - 1].rstrip() + '…'}”"


def wrong_kind(question: Question, answer: AnswerValue) -> str:
    """The answer is not of the kind the question asks for."""
    return f"You gave {_GIVEN[answer.kind]}, the question asks for {_ASKED[question.kind]}."


def chose(chosen: Iterable[Option], unknown: int) -> str:
    """What was chosen, and how much of it the question does not have."""
    said = f"You chose {listed(map(quoted, chosen))}."
    if not unknown:
        return said
    return (
        f"{said} {unknown} chosen {'option is' if unknown == 1 else 'options are'} not part of the question."
    )


def right_options(right: Iterable[Option]) -> str:
    """`Right: “a” and “b”.`"""
    return f"Right: {listed(map(quoted, right))}."


def shares(chosen: Iterable[Option]) -> str:
    """What each chosen option adds or costs: `“a” +50 %, “b” −50 %`."""
    return ", ".join(f"{quoted(option)} {_signed(option.fraction)}" for option in chosen)


def truth(value: bool) -> str:
    """`true` or `false`."""
    return "true" if value else "false"


def right_number(targets: Iterable[NumericTarget], unit: str) -> str:
    """The numbers that earn all the points: `Right: 3.14 ± 0.01 m.`"""
    said = [_target(target) for target in targets if target.fraction == 1]
    return f"Right: {' or '.join(said)}{f' {unit}' if unit else ''}."


def graded(verdict: EssayVerdict, texts: dict[str, tuple[str, Decimal]]) -> str:
    """A grader's points, a line per criterion, and the remark on the whole; `texts` by criterion key.

    Remarks on single criteria are kept with the criteria.
    """
    lines = [_criterion(texts[given.key], given.earned) for given in verdict.marks]
    return "\n".join([*lines, *([verdict.comment.strip()] if verdict.comment.strip() else [])])


def _criterion(criterion: tuple[str, Decimal], earned: Decimal) -> str:
    text, points = criterion
    return f"{' '.join(text.split())}: {points_of(earned, points)}."


def percent(fraction: Decimal) -> str:
    """`50 %`."""
    return f"{plain(fraction * 100)} %"


def _signed(fraction: Decimal) -> str:
    return f"{'+' if fraction >= 0 else ''}{percent(fraction)}"


def _target(target: NumericTarget) -> str:
    return plain(target.value) + (f" ± {plain(target.tolerance)}" if target.tolerance else "")
