"""How exams, students and cohorts did, as the weekly and the monthly job computed it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select

from api.analytics.access import known_student, own_exam
from api.analytics.cohort_figure import CohortFigures, cohort_figures
from api.analytics.exam_summary import ExamSummaries, exam_summaries
from api.analytics.result_figure import ExamFigures, exam_figures
from api.analytics.span import Span, SpanOf
from api.analytics.student_figure import StudentFigures, student_figures, withheld_months
from api.analytics.title import cohort_titles, exam_titles, question_titles
from api.context import Context, ContextOf
from api.security import SignedIn, require
from api.token import CurrentPerson
from schema.db.tables.reservations import AttemptRow
from schema.role import Role

router = APIRouter()

Author = Annotated[CurrentPerson, require(Role.AUTHOR, Role.ADMIN)]
Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


@router.get("/exams", summary="Results of all exams")
async def show_exams(me: Author, context: ContextOf, span: SpanOf) -> ExamSummaries:
    """Admins see every exam of the organisation, authors their own. Whole weeks that have a day of the range."""
    author_id = None if me.has(Role.ADMIN) else me.person_id
    titles = await exam_titles(context, me.organisation_id, author_id)
    async with context.databases.analytics.read() as session:
        return await exam_summaries(session, span, titles)


@router.get("/exams/{exam_id}/results", summary="An exam's results by week")
async def show_exam_results(exam_id: UUID, me: Author, context: ContextOf, span: SpanOf) -> ExamFigures:
    """For the exam's author and for admins. Whole weeks, from Sunday to Saturday, that have a day of the range."""
    return await figures_of_exam(exam_id, me, context, span)


@router.get("/students/{student_id}/performance", summary="A student's performance by month")
async def show_student(student_id: UUID, me: SignedIn, context: ContextOf, span: SpanOf) -> StudentFigures:
    """For the student and for admins. Students do not see months with a result that is not released yet."""
    return await figures_of_student(student_id, me, context, span)


@router.get("/cohorts", summary="Cohorts' performance by month")
async def show_cohorts(me: Admin, context: ContextOf, span: SpanOf) -> CohortFigures:
    """For admins. Cohorts with fewer than five students in a month are suppressed in it."""
    return await figures_of_cohorts(me, context, span)


async def figures_of_exam(exam_id: UUID, me: CurrentPerson, context: Context, span: Span) -> ExamFigures:
    """Raises NOT_FOUND, FORBIDDEN."""
    exam = await own_exam(exam_id, me, context)
    questions = await question_titles(context, exam_id)
    async with context.databases.analytics.read() as session:
        return await exam_figures(session, span, exam_id, exam.title, questions)


async def figures_of_student(
    student_id: UUID, me: CurrentPerson, context: Context, span: Span
) -> StudentFigures:
    """Raises NOT_FOUND."""
    student = await known_student(student_id, me, context)
    is_own = me.person_id == student_id
    withheld = set() if me.has(Role.ADMIN) and not is_own else await withheld_months(context, student_id)
    async with context.databases.analytics.read() as session:
        return await student_figures(session, span, student_id, student.display_name, withheld)


async def figures_of_cohorts(me: CurrentPerson, context: Context, span: Span) -> CohortFigures:
    """Of the cohorts that the organisation's attempts are in."""
    query = select(AttemptRow.cohort_id).where(AttemptRow.organisation_id == me.organisation_id).distinct()
    async with context.databases.reservations.read() as session:
        known = {cohort_id for cohort_id in await session.scalars(query) if cohort_id is not None}
    titles = await cohort_titles(context, known)
    async with context.databases.analytics.read() as session:
        return await cohort_figures(session, span, {key: titles.get(key, "") for key in known})
