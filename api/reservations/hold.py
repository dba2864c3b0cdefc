"""Holds: while one stands, nothing of the attempt is deleted; set and released with a reason, on one or several."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from activities.adapters.sql.hold_book import SqlHoldBook
from api.access.act import record_act
from api.access.blind import refuse_blind
from api.context import Context, ContextOf
from api.idempotency import IdempotencyKey, Receipt
from api.monitoring.name import names_of
from api.reservations.access import find_attempt
from api.reservations.hold_shape import HeldView, HoldEntry, HoldSeveral, HoldView
from api.reservations.shape import Because
from api.security import require
from api.token import CurrentPerson
from api.workflow import Workflows
from schema.db.tables.reservations import AttemptRow, ReservationsReceipt
from schema.failures import Failure, FailureType
from schema.ids import new_id, retention_workflow_id
from schema.journal import ActKind, ActSubject
from schema.outcome import Release
from schema.retention import Hold, HoldOrder
from schema.role import Role

router = APIRouter()

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


@router.post("/attempts/{attempt_id}/hold", response_model=HoldView, summary="Block deletion")
async def hold_attempt(
    attempt_id: UUID, body: Because, person: Admin, context: ContextOf, key: IdempotencyKey
) -> Response:
    """Keep everything of this attempt until the hold is released. A hold that stands stays as it is."""
    return await _one(context, person, attempt_id, key, body, is_on_hold=True)


@router.post("/attempts/{attempt_id}/unhold", response_model=HoldView, summary="Allow deletion")
async def unhold_attempt(
    attempt_id: UUID, body: Because, person: Admin, context: ContextOf, key: IdempotencyKey
) -> Response:
    """Let the times of keeping count again: what fell due meanwhile is deleted now."""
    return await _one(context, person, attempt_id, key, body, is_on_hold=False)


@router.get("/attempts/{attempt_id}/holds", summary="List an attempt's holds")
async def list_holds(attempt_id: UUID, person: Admin, context: ContextOf) -> list[HoldEntry]:
    """The newest first; at most the first one stands."""
    async with context.databases.reservations.read() as session:
        _check(await find_attempt(session, attempt_id, person), person)
    await refuse_blind(context, attempt_id, person)
    return await hold_entries(context, attempt_id)


@router.post("/holds", response_model=HeldView, summary="Block deletion of several")
async def hold_several(body: HoldSeveral, person: Admin, context: ContextOf, key: IdempotencyKey) -> Response:
    """All of them or, when one is refused, none."""
    return await _several(context, person, key, body, is_on_hold=True)


@router.post("/holds/release", response_model=HeldView, summary="Allow deletion of several")
async def release_several(
    body: HoldSeveral, person: Admin, context: ContextOf, key: IdempotencyKey
) -> Response:
    """All of them or, when one is refused, none."""
    return await _several(context, person, key, body, is_on_hold=False)


async def hold_entries(context: Context, attempt_id: UUID) -> list[HoldEntry]:
    """What was held and why, for people."""
    holds = await SqlHoldBook(context.databases.reservations).holds(attempt_id)
    people = {person for hold in holds for person in (hold.set_by, hold.released_by) if person}
    names = await names_of(context, people)
    return [_entry(hold, names) for hold in holds]


def _entry(hold: Hold, names: dict[UUID, str]) -> HoldEntry:
    return HoldEntry(
        hold_id=hold.hold_id,
        reason=hold.reason,
        set_by=hold.set_by,
        set_by_name=names.get(hold.set_by, "") if hold.set_by else "",
        set_at=hold.set_at,
        released_by_name=names.get(hold.released_by, "") if hold.released_by else "",
        released_at=hold.released_at,
        release_reason=hold.release_reason,
    )


async def _one(
    context: Context, person: CurrentPerson, attempt_id: UUID, key: str, body: Because, *, is_on_hold: bool
) -> Response:
    async with context.databases.reservations.read() as session:
        row = await find_attempt(session, attempt_id, person)
    _check(row, person)

    async def work() -> HoldView:
        # In this order: should this process die in between, an act too many is told rather than one too few.
        await _record(context, person, [attempt_id], body.reason, is_on_hold)
        await _set(context, person, [attempt_id], body.reason, is_on_hold)
        return HoldView(attempt_id=attempt_id, is_on_hold=is_on_hold)

    verb = "hold" if is_on_hold else "release_hold"
    return await _receipt(context, person, f"{verb}/{attempt_id}", key).once(body, work)


async def _several(
    context: Context, person: CurrentPerson, key: str, body: HoldSeveral, *, is_on_hold: bool
) -> Response:
    wanted = list(dict.fromkeys(body.attempt_ids))
    async with context.databases.reservations.read() as session:
        for place, attempt_id in enumerate(wanted):
            field = f"/attempt_ids/{place}"
            row = await session.get(AttemptRow, attempt_id)
            if row is None or row.organisation_id != person.organisation_id:
                what = "there is no such attempt; load the list again"
                raise Failure(FailureType.NOT_FOUND, what, field=field, attempt_id=attempt_id)
            _check(row, person, field)

    async def work() -> HeldView:
        await _record(context, person, wanted, body.reason, is_on_hold)
        await _set(context, person, wanted, body.reason, is_on_hold)
        return HeldView(attempts=[HoldView(attempt_id=each, is_on_hold=is_on_hold) for each in wanted])

    operation = "hold-several" if is_on_hold else "release-several"
    return await _receipt(context, person, operation, key).once(body, work)


async def _set(
    context: Context, person: CurrentPerson, wanted: Sequence[UUID], reason: str, is_on_hold: bool
) -> None:
    book = SqlHoldBook(context.databases.reservations)
    order = HoldOrder(attempt_ids=tuple(wanted), by=person.person_id, reason=reason, at=context.now())
    await (book.hold if is_on_hold else book.release)(order)
    workflows = Workflows(context.temporal)
    for attempt_id in wanted:
        # Before the attempt is over there is no such workflow yet; it reads the row when it starts.
        await workflows.signal(retention_workflow_id(attempt_id), "hold" if is_on_hold else "release_hold")


async def _record(
    context: Context, person: CurrentPerson, wanted: Sequence[UUID], reason: str, is_on_hold: bool
) -> None:
    kind = ActKind.HELD if is_on_hold else ActKind.UNHELD
    for attempt_id in wanted:
        facts = {"reason": reason, "after": {"is_on_hold": is_on_hold}}
        await record_act(context, person, kind, ActSubject.ATTEMPT, attempt_id, act_id=new_id(), **facts)


def _check(row: AttemptRow, person: CurrentPerson, field: str = "") -> None:
    if row.student_id == person.person_id:
        what = "nobody decides about their own attempt; ask a colleague"
        raise Failure(FailureType.FORBIDDEN, what, field=field)
    if row.release == Release.PURGED.value:
        what = "everything of this attempt is deleted already; nothing is left to hold"
        raise Failure(FailureType.CONFLICT, what, field=field)


def _receipt(context: Context, person: CurrentPerson, operation: str, key: str) -> Receipt:
    return Receipt(
        context.databases.reservations,
        ReservationsReceipt,
        person.person_id,
        operation,
        key,
        context.now(),
    )
