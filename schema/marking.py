"""Automatic marking: what an answer earns and why, in exact decimals.

Nothing is rounded on the way; what is earned is rounded once, half to even, to three places.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from uuid import UUID

from schema import explanation as say
from schema.exam import Essay, Exam, MultipleChoice, Numeric, Question, SingleChoice, TrueFalse
from schema.failures import Failure, FailureType
from schema.grading import (
    Answer,
    AnswerValue,
    ChoiceAnswer,
    ItemMark,
    NumberAnswer,
    RoundResult,
    TextAnswer,
    TruthAnswer,
)

PLACES = Decimal("0.001")
EXACT = Context(prec=120, rounding=ROUND_HALF_EVEN)  # far above what the shapes' digits can need
NOTHING = Decimal(0)
ALL = Decimal(1)


def mark(question: Question, answer: AnswerValue | None) -> ItemMark:
    """What the answer earns, between 0 and the question's points; None for an essay that a grader must read."""
    if isinstance(question, Essay) and is_answered(answer) and isinstance(answer, TextAnswer):
        return ItemMark(
            question_id=question.question_id,
            earned=None,
            points=question.points,
            explanation=say.AWAITS_GRADER,
            by="grader",
        )
    with localcontext(EXACT):
        share, words = _share(question, answer)
        earned = (min(max(share, NOTHING), ALL) * question.points).quantize(PLACES)
        return ItemMark(
            question_id=question.question_id,
            earned=earned,
            points=question.points,
            explanation=" ".join(words),
        )


def what_was_given(question: Question, answer: AnswerValue | None) -> str:
    """The first sentence of the explanation, which tells nothing of what is right."""
    with localcontext(EXACT):
        return "" if isinstance(question, Essay) else _share(question, answer)[1][0]


def mark_all(exam: Exam, answers: Iterable[Answer]) -> tuple[ItemMark, ...]:
    """One item per question in the exam's order; answers to questions the exam does not have are left out."""
    given = {answer.question_id: answer.value for answer in answers}
    return tuple(mark(question, given.get(question.question_id)) for question in exam.questions)


def is_answered(answer: AnswerValue | None) -> bool:
    """No option, and nothing but white space, is no answer."""
    if isinstance(answer, ChoiceAnswer):
        return bool(answer.chosen)
    if isinstance(answer, TextAnswer):
        return bool(answer.text.strip())
    return answer is not None


def total(attempt_id: UUID, round_number: int, items: Iterable[ItemMark], pass_mark: Decimal) -> RoundResult:
    """The round's result; `pass_mark` is in per cent, and reaching it exactly, before rounding, is a pass.

    Raises CONFLICT while an item has no mark.
    """
    items = tuple(items)
    waiting = [str(item.question_id) for item in items if item.earned is None]
    if waiting:
        said = f"round {round_number} still awaits marks for {len(waiting)} questions"
        raise Failure(FailureType.CONFLICT, said, attempt_id=attempt_id, question_ids=waiting)
    with localcontext(EXACT):
        earned = sum((item.earned for item in items if item.earned is not None), NOTHING)
        points = sum((item.points for item in items), NOTHING)
        return RoundResult(
            attempt_id=attempt_id,
            round_number=round_number,
            earned=earned.quantize(PLACES),
            points=points.quantize(PLACES),
            percent=(100 * earned / points if points else NOTHING).quantize(PLACES),
            passed=100 * earned >= pass_mark * points,
        )


def _share(question: Question, answer: AnswerValue | None) -> tuple[Decimal, tuple[str, ...]]:
    """The share of the points before it is kept between 0 and 1, and the sentences that explain it."""
    if answer is None or not is_answered(answer):
        return NOTHING, (say.NOT_ANSWERED, *_right(question))
    match question, answer:
        case SingleChoice(), ChoiceAnswer():
            return _single(question, answer)
        case MultipleChoice(), ChoiceAnswer():
            return _multiple(question, answer)
        case TrueFalse(), TruthAnswer():
            said = f"You said {say.truth(answer.value)}."
            return ALL if answer.value == question.answer else NOTHING, (said, *_right(question))
        case Numeric(), NumberAnswer():
            return _number(question, answer)
    return NOTHING, (say.wrong_kind(question, answer), *_right(question))


def _right(question: Question) -> tuple[str, ...]:
    """What would have been right, in words; nothing for an essay."""
    match question:
        case SingleChoice():
            return (say.right_options(option for option in question.options if option.fraction == 1),)
        case MultipleChoice():
            return (say.right_options(option for option in question.options if option.fraction > 0),)
        case TrueFalse():
            return (f"Right: {say.truth(question.answer)}.",)
        case Numeric():
            return (say.right_number(question.targets, question.unit),)
    return ()


def _single(question: SingleChoice, answer: ChoiceAnswer) -> tuple[Decimal, tuple[str, ...]]:
    keys = set(answer.chosen)
    chosen = [option for option in question.options if option.key in keys]
    said = say.chose(chosen, len(keys) - len(chosen))
    if len(keys) != 1:
        return NOTHING, (said, "Only one option may be chosen.", *_right(question))
    share = chosen[0].fraction if chosen else NOTHING
    partly = (f"Your choice earns {say.percent(share)}.",) if NOTHING < share < ALL else ()
    return share, (said, *_right(question), *partly)


def _multiple(question: MultipleChoice, answer: ChoiceAnswer) -> tuple[Decimal, tuple[str, ...]]:
    keys = set(answer.chosen)
    chosen = [option for option in question.options if option.key in keys]
    share = sum((option.fraction for option in chosen), NOTHING)
    counted = (f"Counted: {say.shares(chosen)}.",) if chosen and share != ALL else ()
    return share, (say.chose(chosen, len(keys) - len(chosen)), *_right(question), *counted)


def _number(question: Numeric, answer: NumberAnswer) -> tuple[Decimal, tuple[str, ...]]:
    hit = [target for target in question.targets if abs(answer.value - target.value) <= target.tolerance]
    share = max((target.fraction for target in hit), default=NOTHING)
    said = f"You wrote {say.plain(answer.value)}."
    partly = (f"Your number earns {say.percent(share)}.",) if NOTHING < share < ALL else ()
    return share, (said, *_right(question), *partly)
