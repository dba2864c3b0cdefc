"""What an organisation's exams, their questions and its cohorts are called."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from api.context import Context
from schema.db.tables.reservations import ExamRow, ExamVersion
from schema.db.tables.users import Cohort
from schema.exam import Exam, Question

TITLE_LETTERS = 80


async def exam_titles(
    context: Context, organisation_id: UUID, author_id: UUID | None = None
) -> dict[UUID, str]:
    """The organisation's exams by id; with an author, theirs only."""
    query = select(ExamRow.exam_id, ExamRow.title).where(ExamRow.organisation_id == organisation_id)
    if author_id is not None:
        query = query.where(ExamRow.author_id == author_id)
    async with context.databases.reservations.read() as session:
        rows = await session.execute(query)
        return {row.exam_id: row.title for row in rows}


async def question_titles(context: Context, exam_id: UUID) -> Mapping[UUID, str]:
    """Every question that any version of the exam has had, in order; a newer version's words win."""
    query = select(ExamVersion.content).where(ExamVersion.exam_id == exam_id).order_by(ExamVersion.version)
    titles: dict[UUID, str] = {}
    async with context.databases.reservations.read() as session:
        for content in await session.scalars(query):
            titles |= {
                question.question_id: _title(question) for question in Exam.model_validate(content).questions
            }
    return titles


async def cohort_titles(context: Context, cohort_ids: Collection[UUID]) -> dict[UUID, str]:
    """These cohorts by id, as far as they have a name."""
    async with context.databases.users.read() as session:
        rows = await session.scalars(select(Cohort).where(Cohort.cohort_id.in_(cohort_ids)))
        return {row.cohort_id: row.name for row in rows}


def _title(question: Question) -> str:
    title = " ".join((question.title or question.text).split())
    return title if len(title) <= TITLE_LETTERS else title[: TITLE_LETTERS - 1].rstrip() + "…"
