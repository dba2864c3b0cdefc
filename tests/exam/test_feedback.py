"""Which feedback a student reads."""

import pytest

from schema.exam import Question
from schema.feedback import feedback_for
from schema.grading import AnswerValue, NumberAnswer, TextAnswer, TruthAnswer
from tests.exam.builder import D, chosen, essay, multiple, numeric, option, single, target, true_false

COLOURS = (option("a", "1", feedback="Right."), option("b", feedback="It is yellow."), option("c"))
YEARS = (target("1822", feedback="Exact."), target("1822", "2", "0.5", feedback="Close."))


@pytest.mark.parametrize(
    ("question", "answer", "feedback"),
    [
        (single(*COLOURS, feedback="See page 3."), chosen("b"), ("It is yellow.", "See page 3.")),
        (single(*COLOURS), chosen("c"), ()),
        (single(*COLOURS, feedback="See page 3."), None, ("See page 3.",)),
        (multiple(*COLOURS), chosen("b", "a"), ("Right.", "It is yellow.")),
        (true_false(), TruthAnswer(value=True), ("Well seen.",)),
        (true_false(), TruthAnswer(value=False), ("Look again.",)),
        (numeric(*YEARS), NumberAnswer(value=D(1822)), ("Exact.",)),
        (numeric(*YEARS), NumberAnswer(value=D(1823)), ("Close.",)),
        (numeric(*YEARS), NumberAnswer(value=D(1900)), ("Measure again.",)),
        (essay(), TextAnswer(text="So."), ()),
        (single(*COLOURS), TextAnswer(text="a"), ()),
    ],
)
def test_feedback_goes_with_the_answer(
    question: Question, answer: AnswerValue | None, feedback: tuple[str, ...]
) -> None:
    assert feedback_for(question, answer) == feedback
