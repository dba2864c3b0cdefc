"""Reports per exam, per student and per period, as PDF with charts and as CSV."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.analytics.access import own_exam
from api.analytics.exam_bulletin import exam_bulletin
from api.analytics.exam_summary import exam_summaries
from api.analytics.performance import figures_of_cohorts, figures_of_exam, figures_of_student
from api.analytics.period_bulletin import period_bulletin
from api.analytics.preset_figure import incidents_with_presets
from api.analytics.press import CSV, PDF, Press
from api.analytics.span import SpanOf
from api.analytics.student_bulletin import student_bulletin
from api.analytics.table import cohort_table, incident_table, item_table, month_table, score_table, week_table
from api.analytics.title import exam_titles
from api.context import ContextOf
from api.security import SignedIn, require
from api.token import CurrentPerson
from schema.role import Role

router = APIRouter()

Author = Annotated[CurrentPerson, require(Role.AUTHOR, Role.ADMIN)]
Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


def _answers(media_type: str) -> dict[str, Any]:
    kind = media_type.partition(";")[0]
    return {"response_class": Response, "responses": {200: {"content": {kind: {}}}}}


class ExamTable(StrEnum):
    """What an exam's CSV holds."""

    WEEKS = "weeks"
    SCORES = "scores"
    ITEMS = "items"
    INCIDENTS = "incidents"


class PeriodTable(StrEnum):
    """What a period's CSV holds."""

    EXAMS = "exams"
    COHORTS = "cohorts"
    INCIDENTS = "incidents"


LINES = {ExamTable.WEEKS: week_table, ExamTable.SCORES: score_table, ExamTable.INCIDENTS: incident_table}


@router.get("/exams/{exam_id}/report.pdf", summary="An exam's report as PDF", **_answers(PDF))
async def print_exam(exam_id: UUID, me: Author, context: ContextOf, span: SpanOf) -> Response:
    """Scores, weeks, questions and incidents, for the exam's author and for admins."""
    results = await figures_of_exam(exam_id, me, context, span)
    incidents = await incidents_with_presets(context, span, {exam_id: results.title})
    name = f"exam-{exam_id}-{span.first}-{span.last}"
    return await context.kept(Press).pdf(exam_bulletin(span, results, incidents), name)


@router.get("/exams/{exam_id}/report.csv", summary="An exam's figures as CSV", **_answers(CSV))
async def list_exam(
    exam_id: UUID,
    me: Author,
    context: ContextOf,
    span: SpanOf,
    table: Annotated[ExamTable, Query(description="Which figures")] = ExamTable.WEEKS,
) -> Response:
    """Exact numbers, for the exam's author and for admins; docs/analytics.md describes the columns."""
    name = f"exam-{exam_id}-{table}-{span.first}-{span.last}"
    if table is ExamTable.ITEMS:
        figures = await figures_of_exam(exam_id, me, context, span)
        return await context.kept(Press).csv(item_table(figures), name)
    exam = await own_exam(exam_id, me, context)
    wanted = LINES[table]
    async with context.databases.analytics.read() as session:
        lines = await wanted(session, span, {exam_id: exam.title})
    return await context.kept(Press).csv(lines, name)


@router.get("/students/{student_id}/report.pdf", summary="A student's report as PDF", **_answers(PDF))
async def print_student(student_id: UUID, me: SignedIn, context: ContextOf, span: SpanOf) -> Response:
    """Performance by month, for the student and for admins."""
    figures = await figures_of_student(student_id, me, context, span)
    name = f"student-{student_id}-{span.first}-{span.last}"
    return await context.kept(Press).pdf(student_bulletin(span, figures), name)


@router.get("/students/{student_id}/report.csv", summary="A student's figures as CSV", **_answers(CSV))
async def list_student(student_id: UUID, me: SignedIn, context: ContextOf, span: SpanOf) -> Response:
    """Exact numbers by month, for the student and for admins; docs/analytics.md describes the columns."""
    figures = await figures_of_student(student_id, me, context, span)
    name = f"student-{student_id}-{span.first}-{span.last}"
    return await context.kept(Press).csv(month_table(figures), name)


@router.get("/periods/report.pdf", summary="A period's report as PDF", **_answers(PDF))
async def print_period(me: Admin, context: ContextOf, span: SpanOf) -> Response:
    """Results of all exams, cohorts and incidents, for admins."""
    titles = await exam_titles(context, me.organisation_id)
    cohorts = await figures_of_cohorts(me, context, span)
    async with context.databases.analytics.read() as session:
        exams = await exam_summaries(session, span, titles)
    incidents = await incidents_with_presets(context, span, titles)
    bulletin = period_bulletin(span, exams, cohorts, incidents)
    return await context.kept(Press).pdf(bulletin, f"period-{span.first}-{span.last}")


@router.get("/periods/report.csv", summary="A period's figures as CSV", **_answers(CSV))
async def list_period(
    me: Admin,
    context: ContextOf,
    span: SpanOf,
    table: Annotated[PeriodTable, Query(description="Which figures")] = PeriodTable.EXAMS,
) -> Response:
    """Exact numbers of all exams, for admins; docs/analytics.md describes the columns."""
    name = f"period-{table}-{span.first}-{span.last}"
    if table is PeriodTable.COHORTS:
        return await context.kept(Press).csv(cohort_table(await figures_of_cohorts(me, context, span)), name)
    titles = await exam_titles(context, me.organisation_id)
    wanted = week_table if table is PeriodTable.EXAMS else incident_table
    async with context.databases.analytics.read() as session:
        lines = await wanted(session, span, titles)
    return await context.kept(Press).csv(lines, name)
