"""One act on many attempts: asked once, carried out by a workflow, each acknowledgement to be read."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.operation_book import SqlOperationBook, operation_of
from api.access.act import record_act
from api.context import Context, ContextOf
from api.idempotency import IdempotencyKey, Receipt
from api.paging import Page, PagingOf, page_along, page_of
from api.reservations.access import OVERSEERS
from api.reservations.operation_shape import (
    AcknowledgementView,
    NewOperation,
    OperationDetail,
    OperationView,
)
from api.reservations.operation_target import asked_of, operation_from
from api.security import require
from api.token import CurrentPerson
from api.workflow import Workflows
from schema.cohort import START_WITHIN, Acknowledgement, CohortInput
from schema.db.tables.reservations import OperationAttempt, OperationRow, ReservationsReceipt
from schema.failures import Failure, FailureType
from schema.journal import ActKind, ActSubject
from schema.role import Role

router = APIRouter(prefix="/operations")

Watcher = Annotated[CurrentPerson, require(Role.PROCTOR, Role.ADMIN)]
Overseer = Annotated[CurrentPerson, require(*OVERSEERS)]


@router.post("", status_code=202, response_model=OperationView, summary="Act on many attempts")
async def create_operation(
    body: NewOperation, person: Watcher, context: ContextOf, key: IdempotencyKey
) -> Response:
    """Ask many attempts; the answer names the operation, and reading it tells how each acknowledged."""
    receipt = Receipt(
        context.databases.reservations, ReservationsReceipt, person.person_id, "operate", key, context.now()
    )
    return await receipt.once(body, lambda: _begun(context, person, body, receipt.id), 202)


@router.get("", summary="List operations")
async def list_operations(
    exam_id: UUID, person: Overseer, context: ContextOf, paging: PagingOf
) -> Page[OperationView]:
    """What was asked of many attempts of an exam, newest first."""
    row = OperationRow
    rows = select(row).where(row.organisation_id == person.organisation_id, row.exam_id == exam_id)
    async with context.databases.reservations.read() as session:
        page = await page_of(session, rows, paging, row.created_at, row.operation_id, lambda found: found)
        items = [await _view(session, found) for found in page.items]
    return Page(items=items, next_cursor=page.next_cursor)


@router.get("/{operation_id}", summary="Show an operation")
async def show_operation(
    operation_id: UUID, person: Overseer, context: ContextOf, paging: PagingOf
) -> OperationDetail:
    """What was asked, how many have answered, and a page of the answers."""
    async with context.databases.reservations.read() as session:
        row = await session.get(OperationRow, operation_id)
        if row is None or row.organisation_id != person.organisation_id:
            raise Failure(
                FailureType.NOT_FOUND,
                "there is no such operation; go back and choose it again",
                operation_id=operation_id,
            )
        asked = select(OperationAttempt).where(OperationAttempt.operation_id == operation_id)
        answers = await page_along(session, asked, paging, (OperationAttempt.number,), _answer)
        view = await _view(session, row)
    return OperationDetail(**dict(view), acknowledgements=answers)


async def _begun(
    context: Context, person: CurrentPerson, wanted: NewOperation, operation_id: UUID
) -> OperationView:
    begun = await _create(context, person, wanted, operation_id)
    after = wanted.model_dump(mode="json", exclude_none=True)
    facts = {"exam_id": begun.exam_id, "reason": str(after.pop("reason", "")), "after": after}
    kind, subject = ActKind.OPERATION_STARTED, ActSubject.OPERATION
    await record_act(context, person, kind, subject, operation_id, act_id=operation_id, **facts)
    return begun


async def _create(
    context: Context, person: CurrentPerson, wanted: NewOperation, operation_id: UUID
) -> OperationView:
    reservations = context.databases.reservations
    async with reservations.read() as session:
        known = await session.get(OperationRow, operation_id)
        rows = [] if known else await asked_of(session, person, wanted)
    # A request that is sent again after a crash finds the book written and starts what may not have started;
    # when nobody sends it again, the OperationLoop of a worker does.
    if known is None:
        operation = operation_from(wanted, person, operation_id, rows)
        await SqlOperationBook(reservations, context.now).open(operation, [row.attempt_id for row in rows])
    async with reservations.read() as session:
        row = await session.get_one(OperationRow, operation_id)
        view = await _view(session, row)
    if context.now() - row.created_at <= START_WITHIN:
        await _start(context, row)
    return view


async def _start(context: Context, row: OperationRow) -> None:
    operation = operation_of(row)
    cohort = CohortInput(
        operation_id=operation.operation_id,
        exam_id=operation.exam_id,
        verb=operation.verb,
        total=row.total,
    )
    await Workflows(context.temporal).start_cohort(cohort)


async def _view(session: AsyncSession, row: OperationRow) -> OperationView:
    asked = OperationAttempt
    counting = (
        select(asked.state, func.count()).where(asked.operation_id == row.operation_id).group_by(asked.state)
    )
    counts: dict[str, int] = {state: number async for state, number in await session.stream(counting)}
    operation = operation_of(row)
    return OperationView(
        operation_id=row.operation_id,
        exam_id=row.exam_id,
        verb=operation.verb,
        by=operation.by,
        step=operation.step,
        reason=row.reason,
        asked_by=row.actor_id,
        created_at=row.created_at,
        finished_at=row.finished_at,
        total=row.total,
        **{state.value: counts.get(state.value, 0) for state in Acknowledgement},
    )


def _answer(row: OperationAttempt) -> AcknowledgementView:
    return AcknowledgementView.model_validate(
        {name: getattr(row, name) for name in AcknowledgementView.model_fields}
    )
