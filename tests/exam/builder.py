"""Builders of exams and questions, and strategies that make any of them."""

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import strategies as st

from schema.exam import (
    Criterion,
    Essay,
    Exam,
    ExamPolicy,
    MultipleChoice,
    Numeric,
    NumericTarget,
    Option,
    Question,
    Section,
    SingleChoice,
    TrueFalse,
)
from schema.grading import AnswerValue, ChoiceAnswer, NumberAnswer, TextAnswer, TruthAnswer
from schema.ids import DEFAULT_ORGANISATION, new_id

D = Decimal


def option(key: str, fraction: str = "0", text: str = "", feedback: str = "") -> Option:
    return Option(key=key, text=text or f"Option {key}", fraction=D(fraction), feedback=feedback)


def single(*options: Option, points: str = "1", feedback: str = "") -> SingleChoice:
    given = options or (option("a", "1"), option("b"), option("c", "0.5"))
    return SingleChoice(
        question_id=new_id(), text="Which one?", options=given, points=D(points), feedback=feedback
    )


def multiple(*options: Option, points: str = "2") -> MultipleChoice:
    given = options or (option("a", "0.5"), option("b", "-0.5"), option("c", "0.5"))
    return MultipleChoice(question_id=new_id(), text="Which ones?", options=given, points=D(points))


def true_false(*, answer: bool = True, points: str = "1") -> TrueFalse:
    return TrueFalse(
        question_id=new_id(),
        text="Is it?",
        answer=answer,
        points=D(points),
        feedback_right="Well seen.",
        feedback_wrong="Look again.",
    )


def target(value: str, tolerance: str = "0", fraction: str = "1", feedback: str = "") -> NumericTarget:
    return NumericTarget(value=D(value), tolerance=D(tolerance), fraction=D(fraction), feedback=feedback)


def numeric(*targets: NumericTarget, points: str = "1", unit: str = "") -> Numeric:
    return Numeric(
        question_id=new_id(),
        text="How much?",
        targets=targets or (target("3.14", "0.01"),),
        points=D(points),
        unit=unit,
        feedback_wrong="Measure again.",
    )


def essay(*points: str) -> Essay:
    lines = tuple(
        Criterion(key=f"c{place}", text=f"Criterion {place}", points=D(given))
        for place, given in enumerate(points or ("3", "2"))
    )
    return Essay(
        question_id=new_id(),
        text="Explain.",
        rubric=lines,
        points=sum((line.points for line in lines), D(0)),
        max_characters=1_000,
    )


def exam_of(*sections: Sequence[Question], policy: ExamPolicy | None = None) -> Exam:
    return Exam(
        exam_id=new_id(),
        organisation_id=DEFAULT_ORGANISATION,
        author_id=new_id(),
        title="Networks",
        policy=policy or ExamPolicy(),
        sections=tuple(
            Section(section_id=new_id(), title=f"Part {place}", questions=tuple(questions))
            for place, questions in enumerate(sections, start=1)
        ),
    )


def chosen(*keys: str) -> ChoiceAnswer:
    return ChoiceAnswer(chosen=keys)


# --- Strategies ------------------------------------------------------------------------------------------

ids = st.uuids(version=4)
keys = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1, max_size=8)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=60).filter(
    lambda text: bool(text.strip())
)
points = st.decimals(0, 1000, places=3, allow_nan=False, allow_infinity=False)
fractions = st.decimals(-1, 1, places=5, allow_nan=False, allow_infinity=False)
numbers = st.decimals(-(10**12), 10**12, places=6, allow_nan=False, allow_infinity=False)


@st.composite
def options_of(draw: st.DrawFn) -> tuple[Option, ...]:
    names = draw(st.lists(keys, min_size=2, max_size=6, unique=True))
    right = draw(st.integers(0, len(names) - 1))
    return tuple(
        Option(key=key, text=draw(texts), fraction=D(1) if place == right else draw(fractions))
        for place, key in enumerate(names)
    )


@st.composite
def targets_of(draw: st.DrawFn) -> tuple[NumericTarget, ...]:
    values = draw(st.lists(numbers, min_size=1, max_size=4))
    right = draw(st.integers(0, len(values) - 1))
    return tuple(
        NumericTarget(
            value=value,
            tolerance=abs(draw(numbers)),
            fraction=D(1) if place == right else abs(draw(fractions)),
        )
        for place, value in enumerate(values)
    )


choices = st.one_of(
    st.builds(SingleChoice, question_id=ids, text=texts, options=options_of(), points=points),
    st.builds(MultipleChoice, question_id=ids, text=texts, options=options_of(), points=points),
)
questions: st.SearchStrategy[Question] = st.one_of(
    choices,
    st.builds(TrueFalse, question_id=ids, text=texts, answer=st.booleans(), points=points),
    st.builds(Numeric, question_id=ids, text=texts, targets=targets_of(), points=points),
    points.map(lambda given: essay(str(given))),
)
answers: st.SearchStrategy[AnswerValue | None] = st.one_of(
    st.none(),
    st.lists(keys, max_size=5).map(lambda given: ChoiceAnswer(chosen=tuple(given))),
    st.booleans().map(lambda value: TruthAnswer(value=value)),
    numbers.map(lambda value: NumberAnswer(value=value)),
    st.text(max_size=50).map(lambda text: TextAnswer(text=text)),
)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Question, AnswerValue | None]:
    """A question with an answer that often is of its kind."""
    question = draw(questions)
    if isinstance(question, SingleChoice | MultipleChoice):
        own = [option.key for option in question.options]
        fitting = st.lists(st.sampled_from(own), max_size=4).map(
            lambda given: ChoiceAnswer(chosen=tuple(given))
        )
        return question, draw(st.one_of(fitting, answers))
    return question, draw(answers)


@st.composite
def exams(draw: st.DrawFn) -> Exam:
    policy = ExamPolicy(shuffle_questions=draw(st.booleans()), shuffle_options=draw(st.booleans()))
    parts = draw(
        st.lists(st.lists(questions, max_size=5, unique_by=lambda q: q.question_id), min_size=1, max_size=3)
    )
    return exam_of(*parts, policy=policy)
