"""What the author wants a student to read after the result: to the chosen answers, and to the question."""

from collections.abc import Iterator

from schema.exam import MultipleChoice, Numeric, Question, SingleChoice, TrueFalse
from schema.grading import AnswerValue, ChoiceAnswer, NumberAnswer, TruthAnswer
from schema.marking import EXACT


def feedback_for(question: Question, answer: AnswerValue | None) -> tuple[str, ...]:
    """The feedbacks in Markdown: first those to what was answered, then the question's own."""
    return tuple(text for text in (*_to_answer(question, answer), question.feedback) if text.strip())


def _to_answer(question: Question, answer: AnswerValue | None) -> Iterator[str]:
    match question, answer:
        case (SingleChoice() | MultipleChoice(), ChoiceAnswer()):
            chosen = set(answer.chosen)
            yield from (option.feedback for option in question.options if option.key in chosen)
        case (TrueFalse(), TruthAnswer()):
            yield question.feedback_right if answer.value == question.answer else question.feedback_wrong
        case (Numeric(), NumberAnswer()):
            yield _to_number(question, answer)


def _to_number(question: Numeric, answer: NumberAnswer) -> str:
    """That of the best target that was hit."""
    hit = [
        target
        for target in question.targets
        if abs(EXACT.subtract(answer.value, target.value)) <= target.tolerance
    ]
    if not hit:
        return question.feedback_wrong
    return max(hit, key=lambda target: target.fraction).feedback
