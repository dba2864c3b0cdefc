"""Papers: the same for the same attempt, another order for another one, and never an answer key."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from schema.exam import Exam, ExamPolicy, Section, SingleChoice
from schema.ids import DEFAULT_ORGANISATION
from schema.paper import Paper, PaperOption, PaperQuestion, PaperSection, paper_for, question_for
from tests.exam.builder import essay, exam_of, exams, numeric, option, single, true_false

SHUFFLED = ExamPolicy(shuffle_questions=True, shuffle_options=True)
SECRETS = {
    "fraction",
    "feedback",
    "feedback_right",
    "feedback_wrong",
    "answer",
    "targets",
    "tolerance",
    "rubric",
}
ORDER = [7, 5, 4, 1, 2, 3, 6, 8]
OPTIONS = "bcda"
seeds = st.integers(0, 2**63 - 1)


def fields_of(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


def names_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in names_in(inner)}
    if isinstance(value, list | tuple):
        return {name for inner in value for name in names_in(inner)}
    return set()


def test_no_type_of_a_paper_has_room_for_a_key() -> None:
    for model in (Paper, PaperSection, PaperQuestion, PaperOption):
        assert not fields_of(model) & SECRETS


@given(exams(), seeds)
def test_is_the_same_on_every_call_and_tells_no_key(exam: Exam, seed: int) -> None:
    paper = paper_for(exam, seed)

    assert paper == paper_for(exam, seed)
    assert not names_in(paper.model_dump()) & SECRETS
    assert paper.points == exam.points


@given(exams(), seeds)
def test_has_every_question_and_option_once(exam: Exam, seed: int) -> None:
    paper = paper_for(exam, seed)

    for section, shown in zip(exam.sections, paper.sections, strict=True):
        assert shown.section_id == section.section_id
        assert sorted(q.question_id for q in shown.questions) == sorted(
            q.question_id for q in section.questions
        )
    originals = {question.question_id: question for question in exam.questions}
    for question in paper.questions:
        keys = [option.key for option in getattr(originals[question.question_id], "options", ())]
        assert sorted(option.key for option in question.options) == sorted(keys)


@given(exams(), seeds)
def test_marks_earned_do_not_hang_on_what_is_not_shown(exam: Exam, seed: int) -> None:
    bare = exam.model_copy(
        update={
            "sections": tuple(
                section.model_copy(
                    update={
                        "questions": tuple(q.model_copy(update={"feedback": "x"}) for q in section.questions)
                    }
                )
                for section in exam.sections
            )
        }
    )

    assert paper_for(bare, seed) == paper_for(exam, seed)


def fixed_exam() -> Exam:
    questions = tuple(
        SingleChoice(
            question_id=UUID(int=number),
            text=f"Question {number}",
            options=(option("a", "1"), option("b"), option("c"), option("d")),
        )
        for number in range(1, 9)
    )
    return Exam(
        exam_id=UUID(int=100),
        organisation_id=DEFAULT_ORGANISATION,
        author_id=UUID(int=101),
        title="Fixed",
        policy=SHUFFLED,
        sections=(Section(section_id=UUID(int=102), questions=questions),),
    )


def test_the_order_is_this_one_on_every_machine_and_version() -> None:
    paper = paper_for(fixed_exam(), 7)

    assert [question.question_id.int for question in paper.questions] == ORDER
    assert "".join(option.key for option in paper.questions[0].options) == OPTIONS


def test_another_seed_gives_another_order_and_each_question_its_own() -> None:
    exam = fixed_exam()
    orders = {tuple(q.question_id.int for q in paper_for(exam, seed).questions) for seed in range(20)}
    options = {tuple(o.key for o in question.options) for question in paper_for(exam, 1).questions}

    assert len(orders) == 20
    assert len(options) > 3


def test_every_place_is_as_likely_for_every_question() -> None:
    exam = fixed_exam()
    first = [paper_for(exam, seed).questions[0].question_id.int for seed in range(800)]

    assert all(60 <= first.count(number) <= 140 for number in range(1, 9))


def test_adding_a_question_leaves_the_others_in_their_order() -> None:
    exam = fixed_exam()
    before = [q.question_id for q in paper_for(exam, 3).questions]
    more = exam.sections[0].model_copy(update={"questions": (*exam.sections[0].questions, single())})

    after = [q.question_id for q in paper_for(exam.model_copy(update={"sections": (more,)}), 3).questions]

    assert [question_id for question_id in after if question_id in before] == before


def test_without_shuffling_everything_stays_as_the_author_wrote_it() -> None:
    exam = exam_of([single(), true_false()], [numeric(), essay()])

    paper = paper_for(exam, 99)

    assert [q.question_id for q in paper.questions] == [q.question_id for q in exam.questions]
    assert [o.key for o in paper.questions[0].options] == ["a", "b", "c"]


def test_shows_units_and_lengths_but_no_title() -> None:
    titled = numeric(unit="m").model_copy(update={"title": "Length is 3.14"})

    assert question_for(titled).unit == "m"
    assert question_for(essay()).max_characters == 1_000
    assert "3.14" not in question_for(titled).model_dump_json()
