"""Which answers a question can take."""

from decimal import Decimal

import pytest
from hypothesis import given

from schema.answer_check import check_answer
from schema.exam import Question
from schema.failures import Failure, FailureType
from schema.grading import AnswerValue, NumberAnswer, TextAnswer, TruthAnswer
from schema.marking import mark
from tests.exam.builder import answered, chosen, essay, multiple, numeric, single, true_false


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (single(), chosen("a")),
        (single(), chosen()),
        (single(), None),
        (multiple(), chosen("c", "a")),
        (true_false(), TruthAnswer(value=False)),
        (numeric(), NumberAnswer(value=Decimal("-1.5"))),
        (essay(), TextAnswer(text="x" * 1_000)),
    ],
)
def test_takes_what_fits(question: Question, value: AnswerValue | None) -> None:
    check_answer(question, value)

    assert "asks for" not in mark(question, value).explanation


@pytest.mark.parametrize(
    ("question", "value", "field"),
    [
        (single(), TruthAnswer(value=True), "/value/kind"),
        (essay(), chosen("a"), "/value/kind"),
        (numeric(), TextAnswer(text="3"), "/value/kind"),
        (multiple(), chosen("a", "zz"), "/value/chosen/1"),
        (multiple(), chosen("a", "a"), "/value/chosen"),
        (single(), chosen("a", "b"), "/value/chosen"),
        (essay(), TextAnswer(text="x" * 1_001), "/value/text"),
    ],
)
def test_refuses_what_does_not_fit_and_says_where(question: Question, value: AnswerValue, field: str) -> None:
    with pytest.raises(Failure) as caught:
        check_answer(question, value)

    assert caught.value.type is FailureType.INVALID
    assert caught.value.field == field


@given(answered())
def test_what_is_taken_is_marked_and_what_is_refused_names_its_place(
    pair: tuple[Question, AnswerValue | None],
) -> None:
    fields = []
    try:
        check_answer(*pair)
    except Failure as failure:
        fields.append(failure.field)

    assert all(field.startswith("/value") for field in fields)
    assert fields or "asks for" not in mark(*pair).explanation
