"""Difficulty, discrimination and time of an exam's questions over a range of weeks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.coverage import Coverage
from schema.db.tables.analytics import ItemWeek


class ItemWeekFigures(BaseModel):
    """One question in one week, as the weekly job computed it."""

    week: date
    answers: int
    difficulty: float | None
    discrimination: float | None
    mean_seconds: float | None
    median_seconds: float | None


class ItemFigures(BaseModel):
    """One question over the range: means of its weeks, weighted by answers.

    For difficulty that is the mean over all answers; a discrimination over several weeks is a summary.
    """

    question_id: UUID
    number: int | None = Field(
        description="Its place in the exam; null when the exam does not have it any more"
    )
    title: str
    answers: int
    difficulty: float | None = Field(description="Mean share of its points that was earned; 1 is easy")
    discrimination: float | None = Field(description="Correlation with the rest of the score, -1 to 1")
    mean_seconds: float | None
    weeks: list[ItemWeekFigures] = Field(description="Weeks with answers")


async def item_figures(
    session: AsyncSession, coverage: Coverage, exam_id: UUID, questions: Mapping[UUID, str]
) -> list[ItemFigures]:
    """In the order of `questions`, which names them; others stand last."""
    inside = ItemWeek.period_start.between(coverage.first_day, coverage.last_day)
    query = select(ItemWeek).where(ItemWeek.exam_id == exam_id, inside).order_by(ItemWeek.period_start)
    by_question: dict[UUID, list[ItemWeek]] = {}
    for row in await session.scalars(query):
        by_question.setdefault(row.question_id, []).append(row)
    numbers = {question_id: number for number, question_id in enumerate(questions, 1)}
    ordered = sorted(by_question, key=lambda key: (numbers.get(key, len(numbers) + 1), key))
    return [_item(by_question[key], numbers.get(key), questions.get(key, str(key))) for key in ordered]


def _item(rows: Sequence[ItemWeek], number: int | None, title: str) -> ItemFigures:
    return ItemFigures(
        question_id=rows[0].question_id,
        number=number,
        title=title,
        answers=sum(row.answers for row in rows),
        difficulty=_mean(rows, lambda row: row.difficulty),
        discrimination=_mean(rows, lambda row: row.discrimination),
        mean_seconds=_mean(rows, lambda row: row.mean_seconds),
        weeks=[_week(row) for row in rows],
    )


def _week(row: ItemWeek) -> ItemWeekFigures:
    return ItemWeekFigures(
        week=row.period_start,
        answers=row.answers,
        difficulty=row.difficulty,
        discrimination=row.discrimination,
        mean_seconds=row.mean_seconds,
        median_seconds=row.median_seconds,
    )


def _mean(rows: Sequence[ItemWeek], figure: Callable[[ItemWeek], float | None]) -> float | None:
    known = [(value, row.answers) for row in rows if (value := figure(row)) is not None]
    answers = sum(count for _, count in known)
    return sum(value * count for value, count in known) / answers if answers else None
