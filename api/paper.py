"""A paper as screens show it: the student's order, texts as safe HTML, never an answer key."""

from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.rendering import Rendered
from schema import paper as p


class OptionView(BaseModel):
    """A choice; send its `key`."""

    key: str = Field(examples=["3fa9c1d2"])
    html: str


class QuestionView(BaseModel):
    """A question; `options` for the choice kinds, `unit` for numeric, `max_characters` for essay."""

    question_id: UUID
    kind: Literal["single_choice", "multiple_choice", "true_false", "numeric", "essay"]
    html: str = Field(examples=["<p>What is between orange and green in the spectrum?</p>"])
    points: Decimal
    options: list[OptionView] = []
    unit: str = ""
    max_characters: int | None = None


class SectionView(BaseModel):
    """A titled part."""

    section_id: UUID
    title: str
    questions: list[QuestionView]


class PaperView(BaseModel):
    """The whole paper; `version` is the version of the exam that it is made from."""

    exam_id: UUID
    version: int
    title: str
    instructions_html: str
    points: Decimal
    sections: list[SectionView]


def paper_view(paper: p.Paper, html: Rendered) -> PaperView:
    """With every text as it was rendered."""
    return PaperView(
        exam_id=paper.exam_id,
        version=paper.version,
        title=paper.title,
        instructions_html=html.block(paper.instructions),
        points=paper.points,
        sections=[_section(section, html) for section in paper.sections],
    )


def question_view(question: p.PaperQuestion, html: Rendered) -> QuestionView:
    """One question, as it was rendered."""
    return QuestionView(
        question_id=question.question_id,
        kind=question.kind,
        html=html.block(question.text),
        points=question.points,
        options=[OptionView(key=option.key, html=html.line(option.text)) for option in question.options],
        unit=question.unit,
        max_characters=question.max_characters,
    )


def _section(section: p.PaperSection, html: Rendered) -> SectionView:
    questions = [question_view(question, html) for question in section.questions]
    return SectionView(section_id=section.section_id, title=section.title, questions=questions)
