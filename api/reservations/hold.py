"""Holds: while one stands, nothing of the attempt is deleted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from activities.adapters.sql.attempt_book import SqlAttemptBook
from api.context import Context, ContextOf
from api.idempotency import IdempotencyKey, Receipt
from api.reservations.access import find_attempt
from api.security import require
from api.token import CurrentPerson
from api.workflow import Workflows
from schema.db.tables.reservations import ReservationsReceipt
from schema.failures import Failure, FailureType
from schema.ids import retention_workflow_id
from schema.model import Message
from schema.role import Role

router = APIRouter(prefix="/attempts/{attempt_id}")

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


class HoldView(Message):
    """Whether deletion is blocked."""

    attempt_id: UUID
    is_on_hold: bool


@router.post("/hold", response_model=HoldView, summary="Block deletion")
async def hold_attempt(attempt_id: UUID, person: Admin, context: ContextOf, key: IdempotencyKey) -> Response:
    """Keep everything of this attempt until the hold is released."""
    return await _set(context, person, attempt_id, key, is_on_hold=True)


@router.post("/unhold", response_model=HoldView, summary="Allow deletion")
async def unhold_attempt(
    attempt_id: UUID, person: Admin, context: ContextOf, key: IdempotencyKey
) -> Response:
    """Let the times of keeping count again."""
    return await _set(context, person, attempt_id, key, is_on_hold=False)


async def _set(
    context: Context, person: CurrentPerson, attempt_id: UUID, key: str, *, is_on_hold: bool
) -> Response:
    reservations = context.databases.reservations
    async with reservations.read() as session:
        row = await find_attempt(session, attempt_id, person)
    if row.student_id == person.person_id:
        raise Failure(FailureType.FORBIDDEN, "nobody decides about their own attempt; ask a colleague")
    signal = "hold" if is_on_hold else "release_hold"
    operation = f"{signal}/{attempt_id}"
    receipt = Receipt(reservations, ReservationsReceipt, person.person_id, operation, key, context.now())

    async def work() -> HoldView:
        await SqlAttemptBook(reservations).hold_from_deletion(attempt_id, is_on_hold)
        # Before the attempt is over there is no such workflow yet; it reads the row when it starts.
        await Workflows(context.temporal).signal(retention_workflow_id(attempt_id), signal)
        return HoldView(attempt_id=attempt_id, is_on_hold=is_on_hold)

    return await receipt.once(None, work)
