"""What stands between the braces decides the kind: essay, true/false, number, or choice."""

from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from schema.exam import Criterion, Essay, MultipleChoice, Numeric, Option, Question, SingleChoice, TrueFalse
from schema.gift.markup import Markup, marked, to_markdown
from schema.gift.number import target_of
from schema.gift.piece import Piece, feedback_of, pieces, snapped, weighed
from schema.gift.problem import Trouble
from schema.gift.span import Span

_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
MOST_OPTIONS = 30
MOST_NUMBERS = 20


@dataclass(frozen=True, slots=True)
class Head:
    """What every kind has."""

    question_id: UUID
    title: str
    text: str
    points: Decimal
    feedback: str

    @property
    def fields(self) -> dict[str, Any]:
        """For the question's constructor."""
        return {name: getattr(self, name) for name in self.__slots__}


def read_answer(span: Span, head: Head, markup: Markup) -> Question:
    """The question with these answers. Raises Trouble."""
    if not span:
        rubric = (Criterion(key="answer", text="Answer", points=head.points),)
        return Essay(**head.fields, rubric=rubric)
    if span.raw.startswith("#"):
        return _numeric(span.after(span.start + 1), head, markup)
    word, comments = span.cut("#")
    truth = _TRUTHS.get(word.raw.strip().upper())
    if truth is not None:
        return _true_false(truth, comments, head, markup)
    if span.find("~") is None:
        raise _unsupported(span)
    return _choice(span, head, markup)


def _true_false(truth: bool, comments: Span | None, head: Head, markup: Markup) -> Question:
    """The first feedback is for the wrong answer, the second for the right one."""
    wrong, right = comments.cut("#") if comments is not None else (None, None)
    return TrueFalse(
        **head.fields,
        answer=truth,
        feedback_wrong=feedback_of(wrong, markup),
        feedback_right=feedback_of(right, markup),
    )


def _unsupported(span: Span) -> Trouble:
    if span.find("=") is None:
        said = "these answers are of no known kind; write {}, {T}, {F}, {#number} or {=right ~wrong}"
    elif span.find("->") is not None:
        said = "matching questions are not imported; make it a choice with = for right and ~ for wrong"
    else:
        said = "short answers are not imported; add wrong answers with ~ for a choice, or write {#…} for a number"
    return Trouble(span, said)


def _choice(span: Span, head: Head, markup: Markup) -> Question:
    """With a = one option may be chosen; with weights only, several."""
    given = list(pieces(span, markup, MOST_OPTIONS))
    if len(given) < 2:
        raise Trouble(span, "there is only one option; write at least two")
    is_single = any(piece.marker == "=" for piece in given)
    weights = [_weight(piece) for piece in given]
    weights = weights if is_single else snapped(weights)
    _check_weights(weights, is_single, span)
    options = _options(given, weights, markup)
    kind = SingleChoice if is_single else MultipleChoice
    return kind(**head.fields, options=options)


def _weight(piece: Piece) -> Decimal:
    if piece.weight is not None:
        return piece.weight
    return Decimal(1 if piece.marker == "=" else 0)


def _check_weights(weights: list[Decimal], is_single: bool, span: Span) -> None:
    earned = sum((weight for weight in weights if weight > 0), Decimal(0))
    if earned == 0:
        raise Trouble(span, "no option is right; mark one with =, or give weights (%50%) that add up to 100")
    if is_single and max(weights) < 1:
        raise Trouble(span, "no option earns 100 %; one must, since only one may be chosen")
    if not is_single and earned != 1:
        raise Trouble(
            span, f"the weights of the right options add up to {earned * 100:f} %; they must add up to 100"
        )


def _options(given: list[Piece], weights: list[Decimal], markup: Markup) -> tuple[Option, ...]:
    options: dict[str, Option] = {}
    for piece, weight in zip(given, weights, strict=True):
        own, body = marked(piece.body, markup)
        text = to_markdown(body.text, own)
        if not text:
            raise Trouble(piece.body, "this option has no text")
        # From the text: keys in order of writing would tell which option came first, often the right one.
        key = sha256(text.encode()).hexdigest()[:8]
        if key in options:
            raise Trouble(piece.body, "two options say the same; remove one")
        options[key] = Option(key=key, text=text, fraction=weight, feedback=piece.feedback)
    return tuple(options.values())


def _numeric(span: Span, head: Head, markup: Markup) -> Question:
    answers, wrong = span.cut("~")
    wrong_comment = wrong.cut("#")[1] if wrong is not None else None
    given = _numbers(answers.strip(), markup)
    targets = tuple(
        target_of(p.body, Decimal(1) if p.weight is None else p.weight, p.feedback) for p in given
    )
    if max(target.fraction for target in targets) < 1:
        raise Trouble(answers, "no number earns 100 %; one must")
    return Numeric(**head.fields, targets=targets, feedback_wrong=feedback_of(wrong_comment, markup))


def _numbers(span: Span, markup: Markup) -> list[Piece]:
    """Either one bare number, or several that begin with = each."""
    if span.raw.startswith("="):
        return list(pieces(span, markup, MOST_NUMBERS, markers="="))
    body, comment = span.cut("#")
    weight, body = weighed(body.strip())
    return [Piece("=", weight, body, feedback_of(comment, markup))]
