"""What answers earn, and the words that explain it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.exam import Essay, MultipleChoice, Question
from schema.failures import Failure, FailureType
from schema.grading import AnswerValue, ItemMark, NumberAnswer, TextAnswer, TruthAnswer
from schema.ids import new_id
from schema.marking import mark, mark_all, total
from tests.exam.builder import (
    answered,
    chosen,
    essay,
    exam_of,
    multiple,
    numeric,
    option,
    single,
    target,
    true_false,
)

D = Decimal


def number(text: str) -> NumberAnswer:
    return NumberAnswer(value=D(text))


@pytest.mark.parametrize(
    ("question", "answer", "earned", "words"),
    [
        (single(), chosen("a"), "1", "You chose “Option a”. Right: “Option a”."),
        (single(), chosen("b"), "0", "You chose “Option b”. Right: “Option a”."),
        (
            single(points="3"),
            chosen("c"),
            "1.5",
            "You chose “Option c”. Right: “Option a”. Your choice earns 50 %.",
        ),
        (
            single(),
            chosen("a", "b"),
            "0",
            "You chose “Option a” and “Option b”. Only one option may be chosen. Right: “Option a”.",
        ),
        (
            single(),
            chosen("zz"),
            "0",
            "You chose nothing. 1 chosen option is not part of the question. Right: “Option a”.",
        ),
        (
            multiple(),
            chosen("a", "c"),
            "2",
            "You chose “Option a” and “Option c”. Right: “Option a” and “Option c”.",
        ),
        (
            multiple(),
            chosen("b", "a"),
            "0",
            (
                "You chose “Option a” and “Option b”. Right: “Option a” and “Option c”. "
                "Counted: “Option a” +50 %, “Option b” −50 %."
            ),
        ),
        (
            multiple(),
            chosen("a"),
            "1",
            "You chose “Option a”. Right: “Option a” and “Option c”. Counted: “Option a” +50 %.",
        ),
        (true_false(), TruthAnswer(value=True), "1", "You said true. Right: true."),
        (
            true_false(answer=False),
            TruthAnswer(value=True),
            "0",
            "You said true. Right: false.",
        ),
        (numeric(), number("3.15"), "1", "You wrote 3.15. Right: 3.14 ± 0.01."),
        (numeric(unit="m"), number("-3.2"), "0", "You wrote −3.2. Right: 3.14 ± 0.01 m."),
        (
            numeric(target("1822"), target("1822", "2", "0.5")),
            number("1821"),
            "0.5",
            "You wrote 1821. Right: 1822. Your number earns 50 %.",
        ),
        (
            numeric(target("1822"), target("1822", "2", "0.5")),
            number("1822.0"),
            "1",
            "You wrote 1822. Right: 1822.",
        ),
        (single(), None, "0", "Not answered. Right: “Option a”."),
        (multiple(), chosen(), "0", "Not answered. Right: “Option a” and “Option c”."),
        (essay(), None, "0", "Not answered."),
        (essay(), TextAnswer(text=" \n\t"), "0", "Not answered."),
        (
            numeric(),
            TextAnswer(text="three"),
            "0",
            "You gave a text, the question asks for a number. Right: 3.14 ± 0.01.",
        ),
        (
            essay(),
            chosen("a"),
            "0",
            "You gave a choice of options, the question asks for a text.",
        ),
    ],
)
def test_what_an_answer_earns(
    question: Question, answer: AnswerValue | None, earned: str, words: str
) -> None:
    item = mark(question, answer)

    assert item.earned == D(earned)
    assert item.explanation == words
    assert item.by == "automatic"


def test_an_answered_essay_waits_for_a_grader() -> None:
    item = mark(essay(), TextAnswer(text="Because."))

    assert item.earned is None
    assert item.by == "grader"


def test_thirds_are_exact_until_they_are_rounded_once() -> None:
    third = "0.333333333"
    options = (option("a", third), option("b", third), option("c", "0.333333334"), option("d"))

    assert mark(multiple(*options, points="1"), chosen("a")).earned == D("0.333")
    assert mark(multiple(*options, points="1"), chosen("a", "b", "c")).earned == D("1.000")


@pytest.mark.parametrize(("points", "earned"), [("0.001", "0.000"), ("0.003", "0.002")])
def test_rounds_half_to_even(points: str, earned: str) -> None:
    half = single(option("a", "1"), option("b", "0.5"), points=points)

    assert mark(half, chosen("b")).earned == D(earned)


def test_an_option_that_is_chosen_twice_counts_once() -> None:
    assert mark(multiple(), chosen("a", "a")).earned == D(1)


def test_long_options_are_shortened_in_the_explanation() -> None:
    words = mark(single(option("a", "1", text="long " * 40), option("b")), None).explanation

    assert "…”" in words
    assert len(words) < 120


@given(answered())
def test_earns_between_nothing_and_all_in_decimals(pair: tuple[Question, AnswerValue | None]) -> None:
    item = mark(*pair)

    if item.earned is not None:
        assert isinstance(item.earned, Decimal)
        assert 0 <= item.earned <= item.points
        assert item.earned == item.earned.quantize(D("0.001"))
    else:
        assert isinstance(pair[0], Essay)
    assert item.explanation


@given(st.data(), answered())
def test_the_order_of_options_and_of_choices_does_not_matter(
    data: st.DataObject, pair: tuple[Question, AnswerValue | None]
) -> None:
    question, answer = pair
    if not isinstance(question, MultipleChoice) or answer is None or answer.kind != "choice":
        return
    turned = question.model_copy(update={"options": tuple(data.draw(st.permutations(question.options)))})
    again = chosen(*data.draw(st.permutations(answer.chosen)))

    assert mark(turned, again).earned == mark(question, answer).earned


def test_marks_every_question_and_nothing_else() -> None:
    exam = exam_of([single(), essay()], [numeric()])

    items = mark_all(exam, [])

    assert [item.question_id for item in items] == [question.question_id for question in exam.questions]
    assert all(item.earned == 0 for item in items)


def items_of(*pairs: tuple[str | None, str]) -> list[ItemMark]:
    return [
        ItemMark(
            question_id=new_id(),
            earned=None if earned is None else D(earned),
            points=D(points),
            explanation="",
        )
        for earned, points in pairs
    ]


def test_reaching_the_pass_mark_exactly_passes_and_rounding_never_helps() -> None:
    exact = total(new_id(), 1, items_of(("1", "2"), ("0", "0")), D(50))
    below = total(new_id(), 1, items_of(("49.9999", "100")), D(50))

    assert (exact.earned, exact.points, exact.percent, exact.passed) == (D(1), D(2), D(50), True)
    assert (below.percent, below.passed) == (D("50.000"), False)


def test_a_round_in_which_nothing_can_be_earned_is_passed() -> None:
    assert total(new_id(), 1, [], D(0)).passed
    assert total(new_id(), 1, items_of(("0", "0")), D(50)).passed


def test_a_round_that_awaits_a_grader_has_no_total() -> None:
    with pytest.raises(Failure, match="still awaits marks") as caught:
        total(new_id(), 1, items_of((None, "2")), D(50))

    assert caught.value.type is FailureType.CONFLICT
