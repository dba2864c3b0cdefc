"""An attempt's workflows as Temporal knows them, each with its page in the Temporal UI."""

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select
from temporalio.client import Client

from activities.adapters.temporal_failure import NotRunning
from api.access.blind import refuse_blind
from api.context import Context, ContextOf
from api.reservations.access import find_attempt
from api.security import require
from api.temporal_ui import TemporalUi
from api.token import CurrentPerson
from api.workflow import QUERY_SECONDS, translated
from schema.db.tables.corrections import MarkingRound, ReviewRow
from schema.db.tables.reservations import OperationAttempt, OperationRow
from schema.ids import (
    attempt_workflow_id,
    cohort_workflow_id,
    grading_workflow_id,
    monitoring_workflow_id,
    recording_workflow_id,
    retention_workflow_id,
    review_workflow_id,
)
from schema.queue import WorkflowType
from schema.role import Role

router = APIRouter(prefix="/attempts")

Operator = Annotated[CurrentPerson, require(Role.ADMIN)]


class WorkflowLink(BaseModel):
    """One workflow, its newest run."""

    kind: WorkflowType
    workflow_id: str = Field(examples=["attempt:0190a000-0000-7000-8000-000000000001"])
    run_id: str
    status: str = Field(examples=["running"], description="Temporal's word in lower case")
    started_at: datetime
    closed_at: datetime | None
    url: str = Field(description="Its page in the Temporal UI, for operators")


class WorkflowLinks(BaseModel):
    """Those that Temporal still keeps, in the order they began."""

    items: list[WorkflowLink]


@router.get("/{attempt_id}/workflows", summary="List an attempt's workflows")
async def list_workflows(attempt_id: UUID, person: Operator, context: ContextOf) -> WorkflowLinks:
    """With ids, states and addresses in the Temporal UI; those are left out that never began or are forgotten.

    Raises UNAVAILABLE when Temporal does not answer.
    """
    async with context.databases.reservations.read() as session:
        await find_attempt(session, attempt_id, person)
    await refuse_blind(context, attempt_id, person)
    candidates = {
        attempt_workflow_id(attempt_id): WorkflowType.ATTEMPT,
        monitoring_workflow_id(attempt_id): WorkflowType.MONITORING,
        **await _marking(context, attempt_id),
        **await _operations(context, attempt_id),
        recording_workflow_id(attempt_id): WorkflowType.RECORDING,
        retention_workflow_id(attempt_id): WorkflowType.RETENTION,
    }
    ui = TemporalUi.of(context.settings)
    asked = (_describe(context.temporal, ui, name, kind) for name, kind in candidates.items())
    found = [one for one in await asyncio.gather(*asked) if one is not None]
    return WorkflowLinks(items=sorted(found, key=lambda one: one.started_at))


async def _marking(context: Context, attempt_id: UUID) -> dict[str, WorkflowType]:
    rounds = select(MarkingRound.round_number).where(MarkingRound.attempt_id == attempt_id)
    reviews = select(ReviewRow.review_id).where(ReviewRow.attempt_id == attempt_id)
    async with context.databases.corrections.read() as session:
        numbers = {1, *await session.scalars(rounds)}  # a round that just began has no row yet
        review_ids = list(await session.scalars(reviews))
    return {
        **{grading_workflow_id(attempt_id, number): WorkflowType.GRADING for number in sorted(numbers)},
        **{review_workflow_id(review_id): WorkflowType.REVIEW for review_id in review_ids},
    }


async def _operations(context: Context, attempt_id: UUID) -> dict[str, WorkflowType]:
    rows = (
        select(OperationRow.exam_id, OperationRow.operation_id)
        .join(OperationAttempt, OperationAttempt.operation_id == OperationRow.operation_id)
        .where(OperationAttempt.attempt_id == attempt_id)
    )
    async with context.databases.reservations.read() as session:
        found = (await session.execute(rows)).all()
    return {cohort_workflow_id(exam_id, operation_id): WorkflowType.COHORT for exam_id, operation_id in found}


async def _describe(
    client: Client, ui: TemporalUi, workflow_id: str, kind: WorkflowType
) -> WorkflowLink | None:
    try:
        async with translated(QUERY_SECONDS):
            found = await client.get_workflow_handle(workflow_id).describe()
    except NotRunning:
        return None
    return WorkflowLink(
        kind=kind,
        workflow_id=workflow_id,
        run_id=found.run_id,
        status=found.status.name.lower() if found.status else "unknown",
        started_at=found.start_time,
        closed_at=found.close_time,
        url=ui.workflow(workflow_id, found.run_id),
    )
