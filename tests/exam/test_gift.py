"""Reading GIFT files that are right."""

from decimal import Decimal
from pathlib import Path

import pytest

from schema.exam import Essay, MultipleChoice, Numeric, Question, SingleChoice, TrueFalse
from schema.gift.reader import read_gift

DATA = Path(__file__).parent / "data"
D = Decimal


def questions(text: str) -> tuple[Question, ...]:
    reading = read_gift(text.encode())
    assert reading.errors == ()
    return reading.questions


def question(text: str) -> Question:
    (only,) = questions(text)
    return only


def test_a_whole_file() -> None:
    reading = read_gift((DATA / "networks.gift").read_bytes(), D("2.5"))

    assert reading.errors == ()
    assert [(problem.line, problem.column) for problem in reading.warnings] == [(3, 1)]
    assert [q.kind for q in reading.questions] == [
        *["true_false"] * 2,
        *["single_choice"] * 2,
        *["multiple_choice"] * 2,
        *["numeric"] * 4,
        "single_choice",
        "true_false",
        *["essay"] * 2,
    ]
    assert {q.points for q in reading.questions} == {D("2.5")}
    assert len({q.question_id for q in reading.questions}) == len(reading.questions)


@pytest.mark.parametrize(
    ("block", "answer"),
    [
        ("{T}", True),
        ("{F}", False),
        ("{TRUE}", True),
        ("{FALSE}", False),
        ("{ true }", True),
        ("{\nF\n}", False),
    ],
)
def test_true_or_false(block: str, answer: bool) -> None:
    found = question(f"The sky is blue. {block}")

    assert isinstance(found, TrueFalse)
    assert found.answer is answer
    assert found.text == "The sky is blue."


def test_the_first_feedback_is_for_the_wrong_answer() -> None:
    found = question("It is. {T#Look again.#Well seen.####All about it.}")

    assert isinstance(found, TrueFalse)
    assert (found.feedback_wrong, found.feedback_right, found.feedback) == (
        "Look again.",
        "Well seen.",
        "All about it.",
    )


def test_single_choice_with_a_partly_right_option() -> None:
    found = question("::Bits:: How many? {=128 # Right. ~32 ~%25%64#Half. ~%-12.5%0}")

    assert isinstance(found, SingleChoice)
    assert found.title == "Bits"
    assert [(o.text, o.fraction, o.feedback) for o in found.options] == [
        ("128", D(1), "Right."),
        ("32", D(0), ""),
        ("64", D("0.25"), "Half."),
        ("0", D("-0.125"), ""),
    ]


def test_weights_alone_let_several_be_chosen() -> None:
    found = question("Who? {~%-100%No one ~%50%Grant ~%50%Grant's wife}")

    assert isinstance(found, MultipleChoice)
    assert [o.fraction for o in found.options] == [D(-1), D("0.5"), D("0.5")]


def test_thirds_add_up_to_one() -> None:
    found = question("Which? {~%33.333%a ~%33.333%b ~%33.333%c ~d}")

    assert isinstance(found, MultipleChoice)
    assert sum(o.fraction for o in found.options) == 1


def test_keys_of_options_do_not_tell_their_order() -> None:
    one, other = question("Which? {=right ~wrong}"), question("Which? {~wrong =right}")

    assert isinstance(one, SingleChoice)
    assert isinstance(other, SingleChoice)
    assert {o.key: o.text for o in one.options} == {o.key: o.text for o in other.options}


@pytest.mark.parametrize(
    ("block", "value", "tolerance"),
    [
        ("{#3.14:0.01}", "3.14", "0.01"),
        ("{#42}", "42", "0"),
        ("{# -1.5e2 : .5 }", "-150", "0.5"),
        ("{#1..5}", "3", "2"),
        ("{#-1..-0.5}", "-0.75", "0.25"),
        ("{#=7}", "7", "0"),
        ("{#0.1..0.2}", "0.15", "0.05"),
    ],
)
def test_numbers(block: str, value: str, tolerance: str) -> None:
    found = question(f"How much? {block}")

    assert isinstance(found, Numeric)
    (target,) = found.targets
    assert (target.value, target.tolerance, target.fraction) == (D(value), D(tolerance), D(1))


def test_several_numbers_with_feedback_and_one_for_all_others() -> None:
    found = question(
        "When? {#\n=1822:0 # Exact.\n=%50%1822:2 # Close.\n~# Not at all.####Grant was born then.\n}"
    )

    assert isinstance(found, Numeric)
    assert [(t.value, t.tolerance, t.fraction, t.feedback) for t in found.targets] == [
        (D(1822), D(0), D(1), "Exact."),
        (D(1822), D(2), D("0.5"), "Close."),
    ]
    assert found.feedback_wrong == "Not at all."
    assert found.feedback == "Grant was born then."


def test_an_essay_has_one_criterion_with_all_points() -> None:
    (found,) = read_gift(b"Explain. {}", D(5)).questions

    assert isinstance(found, Essay)
    assert [(c.key, c.points) for c in found.rubric] == [("answer", D(5))]


def test_a_missing_word_leaves_a_gap() -> None:
    assert question("Mahatma Gandhi was born on the {~15th =2nd} of October.").text == (
        r"Mahatma Gandhi was born on the \_\_\_\_\_ of October."
    )
    assert question("Pi is {#3.14:0.01}.").text == r"Pi is \_\_\_\_\_."
    assert question("{=Paris ~Rome} is in France.").text == r"\_\_\_\_\_ is in France."
    assert question("[html]It is {T}.").text == "It is &#95;&#95;&#95;&#95;&#95;."


def test_escapes_lose_their_backslash_everywhere() -> None:
    found = question(r"::A \: b:: [markdown]x \= \{y\} \~ \# \: \\ z {=a \= b # c \# d ~\~e}")

    assert isinstance(found, SingleChoice)
    assert found.title == "A : b"
    assert found.text == r"x = {y} ~ # : \ z"
    assert [(o.text, o.feedback) for o in found.options] == [("a = b", "c # d"), ("~e", "")]


def test_an_escaped_line_break_makes_a_paragraph_in_markdown() -> None:
    assert question(r"[markdown]One.\n\nTwo. {T}").text == "One.\n\nTwo."


def test_comments_may_stand_anywhere_and_part_nothing() -> None:
    found = question("// before\nOne\n  // within\ntwo {T\n// inside\n}\n// after")

    assert found.text == "One\\\ntwo"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_do_not_matter(end: str) -> None:
    text = f"One? {{T}}{end}{end}// c{end}Two?{end}{{=a{end}~b}}{end}"

    reading = read_gift(b"\xef\xbb\xbf" + text.encode())

    assert [q.text for q in reading.questions] == ["One?", "Two?"]


def test_per_cent_signs_in_options_are_just_text() -> None:
    found = question("Which? {=%d%s ~50% ~100 %}")

    assert isinstance(found, SingleChoice)
    assert [o.text for o in found.options] == ["%d%s", "50%", "100 %"]


def test_a_category_inside_a_block_parts_questions() -> None:
    reading = read_gift(b"One? {T}\n$CATEGORY: a/b\nTwo? {F}")

    assert [q.text for q in reading.questions] == ["One?", "Two?"]
    assert "categories are not kept" in reading.warnings[0].message
