"""A grader's marks: each criterion once, 0 to its points."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.failures import Failure, FailureType
from schema.grading import CriterionMark
from schema.ids import new_id
from schema.review import EssayVerdict, IntegrityOutcome, IntegrityVerdict
from schema.rubric import essay_of, mark_essay
from tests.exam.builder import essay, exam_of, single

D = Decimal


def verdict(*marks: tuple[str, str], comment: str = "") -> EssayVerdict:
    given = tuple(CriterionMark(key=key, earned=D(earned), comment="A remark.") for key, earned in marks)
    return EssayVerdict(marks=given, comment=comment)


def test_adds_up_and_tells_each_criterion() -> None:
    item = mark_essay(essay("3", "2"), verdict(("c1", "0.5"), ("c0", "3"), comment="Good."))

    assert item.earned == D("3.5")
    assert item.by == "grader"
    assert item.explanation == ("Criterion 1: 0.5 of 2 points.\nCriterion 0: 3 of 3 points.\nGood.")


@pytest.mark.parametrize(
    ("marks", "field", "words"),
    [
        ([("c0", "1")], "/verdict/marks", "not marked yet: c1"),
        ([("c0", "1"), ("c0", "1"), ("c1", "1")], "/verdict/marks/1", "marked twice"),
        ([("c0", "1"), ("c9", "1")], "/verdict/marks/1", "no criterion 'c9'; it has c0 and c1"),
        ([("c0", "3.001"), ("c1", "1")], "/verdict/marks/0", "give 0 to 3"),
    ],
)
def test_refuses_what_does_not_fit_the_rubric(marks: list[tuple[str, str]], field: str, words: str) -> None:
    with pytest.raises(Failure, match=words) as caught:
        mark_essay(essay("3", "2"), verdict(*marks))

    assert caught.value.type is FailureType.INVALID
    assert caught.value.field == field


def test_refuses_a_verdict_on_something_else() -> None:
    other = IntegrityVerdict(outcome=IntegrityOutcome.CLEARED, reason="Fine")

    with pytest.raises(Failure, match="decided by points per criterion"):
        mark_essay(essay(), other)


@given(st.lists(st.decimals(0, 10, places=3), min_size=1, max_size=6))
def test_never_more_than_the_question_has_and_in_any_order(points: list[Decimal]) -> None:
    question = essay(*(str(given) for given in points))
    marks = [(f"c{place}", str(given)) for place, given in enumerate(points)]

    straight, turned = mark_essay(question, verdict(*marks)), mark_essay(question, verdict(*reversed(marks)))

    assert straight.earned == turned.earned == question.points


def test_finds_an_essay_by_its_id_only() -> None:
    question, other = essay(), single()
    exam = exam_of([question, other])

    assert essay_of(exam, str(question.question_id)) is question
    for wrong in (other.question_id, new_id(), "integrity:1"):
        with pytest.raises(Failure) as caught:
            essay_of(exam, wrong)
        assert caught.value.type is FailureType.NOT_FOUND
