"""The paper a student gets: questions in the attempt's own order, in a type that cannot carry an answer key."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from hashlib import sha256
from typing import Literal, TypeVar
from uuid import UUID

from schema import exam as x
from schema.model import Message

T = TypeVar("T")


class PaperOption(Message):
    """A choice without its worth."""

    key: str
    text: str


class PaperQuestion(Message):
    """A question without keys, tolerances, rubric and feedback; texts are Markdown as the author wrote it.

    `options` are there for the choice kinds, `unit` for numeric, `max_characters` for essay.
    """

    question_id: UUID
    kind: Literal["single_choice", "multiple_choice", "true_false", "numeric", "essay"]
    text: str
    points: Decimal
    options: tuple[PaperOption, ...] = ()
    unit: str = ""
    max_characters: int | None = None


class PaperSection(Message):
    """A titled part; sections keep the author's order, since a later one may build on an earlier one."""

    section_id: UUID
    title: str
    questions: tuple[PaperQuestion, ...]


class Paper(Message):
    """What one student sees of one version of an exam."""

    exam_id: UUID
    version: int
    title: str
    instructions: str
    points: Decimal
    sections: tuple[PaperSection, ...]

    @property
    def questions(self) -> tuple[PaperQuestion, ...]:
        """All questions in the order of this paper."""
        return tuple(question for section in self.sections for question in section.questions)


def paper_for(exam: x.Exam, seed: int) -> Paper:
    """The exam as the attempt with this seed sees it, the same on every call, machine and Python version.

    Order is by sha256 of seed and id, so it does not hang on any random generator, and adding a question
    leaves the others in their order. The titles of questions stay with the author: imported ones tell answers.
    """
    return Paper(
        exam_id=exam.exam_id,
        version=exam.version,
        title=exam.title,
        instructions=exam.instructions,
        points=exam.points,
        sections=tuple(_section(section, exam.policy, seed) for section in exam.sections),
    )


def question_for(question: x.Question) -> PaperQuestion:
    """One question in the author's own order, without anything that tells its answer."""
    return _question(question, x.ExamPolicy(), 0)


def _section(section: x.Section, policy: x.ExamPolicy, seed: int) -> PaperSection:
    questions: Iterable[x.Question] = section.questions
    if policy.shuffle_questions:
        questions = _shuffled(questions, f"{seed}/questions", lambda question: str(question.question_id))
    shown = tuple(_question(question, policy, seed) for question in questions)
    return PaperSection(section_id=section.section_id, title=section.title, questions=shown)


def _question(question: x.Question, policy: x.ExamPolicy, seed: int) -> PaperQuestion:
    return PaperQuestion(
        question_id=question.question_id,
        kind=question.kind,
        text=question.text,
        points=question.points,
        options=_options(question, policy, seed),
        unit=question.unit if isinstance(question, x.Numeric) else "",
        max_characters=question.max_characters if isinstance(question, x.Essay) else None,
    )


def _options(question: x.Question, policy: x.ExamPolicy, seed: int) -> tuple[PaperOption, ...]:
    if not isinstance(question, x.SingleChoice | x.MultipleChoice):
        return ()
    options: Iterable[x.Option] = question.options
    if policy.shuffle_options:
        scope = f"{seed}/{question.question_id}"
        options = _shuffled(options, scope, lambda option: option.key)
    return tuple(PaperOption(key=option.key, text=option.text) for option in options)


def _shuffled(things: Iterable[T], scope: str, id_of: Callable[[T], str]) -> list[T]:
    return sorted(things, key=lambda thing: sha256(f"{scope}/{id_of(thing)}".encode()).digest())
