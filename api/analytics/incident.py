"""Incidents as the daily job counted them, of one exam and over all."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from api.analytics.access import readable_exam
from api.analytics.incident_figure import IncidentFigures
from api.analytics.preset_figure import incidents_with_presets
from api.analytics.span import SpanOf
from api.analytics.title import exam_titles
from api.context import ContextOf
from api.security import require
from api.token import CurrentPerson
from schema.role import Role

WATCHERS = frozenset({Role.PROCTOR, Role.REVIEWER, Role.ADMIN})

router = APIRouter()

Watcher = Annotated[CurrentPerson, require(*sorted(WATCHERS))]
Reader = Annotated[CurrentPerson, require(*sorted(WATCHERS | {Role.AUTHOR}))]


@router.get("/incidents", summary="Incidents over all exams")
async def show_incidents(me: Watcher, context: ContextOf, span: SpanOf) -> IncidentFigures:
    """For proctors, reviewers and admins; of every exam of the organisation."""
    titles = await exam_titles(context, me.organisation_id)
    return await incidents_with_presets(context, span, titles)


@router.get("/exams/{exam_id}/incidents", summary="Incidents of an exam")
async def show_exam_incidents(exam_id: UUID, me: Reader, context: ContextOf, span: SpanOf) -> IncidentFigures:
    """For the exam's author, and for proctors, reviewers and admins."""
    exam = await readable_exam(exam_id, me, context, WATCHERS)
    return await incidents_with_presets(context, span, {exam_id: exam.title})
