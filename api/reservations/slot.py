"""Slots: what can be reserved, and making more of it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.seat_book import SqlSeatBook
from api.access.act import record_act
from api.context import Context, ContextOf
from api.idempotency import IdempotencyKey, Receipt
from api.paging import Page, PagingOf, page_of
from api.reservations.shape import NewSlot, SeatCount, SlotView
from api.reservations.slot_fit import with_fit
from api.reservations.waiting import waiting_in
from api.security import SignedIn, require
from api.token import CurrentPerson
from schema.db.tables.reservations import ExamRow, ExamVersion, ReservationsReceipt, SlotRow
from schema.exam import ExamPolicy
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.journal import ActKind, ActSubject
from schema.reservation import bookable_until
from schema.role import STAFF, Role

router = APIRouter(prefix="/slots")

Author = Annotated[CurrentPerson, require(Role.AUTHOR, Role.ADMIN)]


@router.get("", summary="List slots")
async def list_slots(
    person: SignedIn,
    context: ContextOf,
    paging: PagingOf,
    exam_id: UUID | None = None,
    include_past: bool = False,
) -> Page[SlotView]:
    """Slots that are not over, soonest first, with their free seats.

    Students see those that can still be booked, of exams that can: a page may hold fewer than its limit.
    """
    rows, now = _visible(person, exam_id), context.now()
    if not include_past:
        rows = rows.where(SlotRow.ends_at > now)
    async with context.databases.reservations.read() as session:
        page = await page_of(
            session, rows, paging, SlotRow.starts_at, SlotRow.slot_id, lambda row: row, newest_first=False
        )
        items = await _shown(session, page.items, now)
    if not person.has(*STAFF) and not include_past:
        items = [slot for slot in items if slot.is_bookable]
    return Page(items=await with_fit(context, person, items), next_cursor=page.next_cursor)


@router.get("/{slot_id}", summary="Show a slot")
async def show_slot(slot_id: UUID, person: SignedIn, context: ContextOf) -> SlotView:
    """One slot."""
    async with context.databases.reservations.read() as session:
        row = await session.scalar(_visible(person, None).where(SlotRow.slot_id == slot_id))
        if row is None:
            raise Failure(
                FailureType.NOT_FOUND, "there is no such slot; go back and choose it again", slot_id=slot_id
            )
        shown = await _shown(session, [row], context.now())
    return (await with_fit(context, person, shown))[0]


@router.post("", status_code=201, response_model=SlotView, summary="Make a slot")
async def create_slot(body: NewSlot, person: Author, context: ContextOf, key: IdempotencyKey) -> Response:
    """A time window with seats for an exam; authors make them for their own exams."""
    reservations = context.databases.reservations
    receipt = Receipt(reservations, ReservationsReceipt, person.person_id, "create_slot", key, context.now())
    return await receipt.once(body, lambda: _create(context, person, body, receipt.id), 201)


@router.put("/{slot_id}/seats", summary="Change the number of seats")
async def change_seats(slot_id: UUID, body: SeatCount, person: Author, context: ContextOf) -> SlotView:
    """More seats go to those who wait, in order; fewer are possible down to those that are taken.

    Authors change the slots of their own exams. Who moves up is told within seconds.
    """
    reservations = context.databases.reservations
    async with reservations.read() as session:
        slot = await session.get(SlotRow, slot_id)
        if slot is None or not await _is_own_exam(session, slot.exam_id, person):
            raise Failure(
                FailureType.NOT_FOUND, "there is no such slot; go back and choose it again", slot_id=slot_id
            )
    before = slot.seats
    await SqlSeatBook(reservations, context.now).change_seats(slot_id, body.seats)
    if before != body.seats:
        facts = {"exam_id": slot.exam_id, "before": {"seats": before}, "after": {"seats": body.seats}}
        kind = ActKind.SEATS_CHANGED
        await record_act(context, person, kind, ActSubject.SLOT, slot_id, act_id=new_id(), **facts)
    return await show_slot(slot_id, person, context)


async def _create(context: Context, person: CurrentPerson, new: NewSlot, slot_id: UUID) -> SlotView:
    now = context.now()
    if new.ends_at <= now:
        raise Failure(FailureType.INVALID, "the slot is over already; choose a later end", field="/ends_at")

    async def work(session: AsyncSession) -> SlotView:
        await _own_exam(session, new.exam_id, person)
        row = await session.get(SlotRow, slot_id) or _new_row(new, slot_id, now)
        session.add(row)
        await session.flush()
        # Before the commit: should that fail, an act too many is told rather than one too few.
        facts = {"exam_id": new.exam_id, "after": new.model_dump(mode="json", exclude={"exam_id"})}
        kind = ActKind.SLOT_CREATED
        await record_act(context, person, kind, ActSubject.SLOT, slot_id, act_id=slot_id, **facts)
        return (await _shown(session, [row], now))[0]

    return await context.databases.reservations.run(work)


def _new_row(new: NewSlot, slot_id: UUID, now: datetime) -> SlotRow:
    return SlotRow(
        slot_id=slot_id,
        exam_id=new.exam_id,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        seats=new.seats,
        seats_taken=0,
        created_at=now,
    )


async def _own_exam(session: AsyncSession, exam_id: UUID, person: CurrentPerson) -> None:
    if not await _is_own_exam(session, exam_id, person):
        message = "you have no such exam; go back and choose one of yours"
        raise Failure(FailureType.NOT_FOUND, message, field="/exam_id", exam_id=exam_id)


async def _is_own_exam(session: AsyncSession, exam_id: UUID, person: CurrentPerson) -> bool:
    exam = await session.get(ExamRow, exam_id)
    if exam is None or exam.organisation_id != person.organisation_id:
        return False
    return person.has(Role.ADMIN) or exam.author_id == person.person_id


def _visible(person: CurrentPerson, exam_id: UUID | None) -> Select[SlotRow]:
    exams = select(ExamRow.exam_id).where(ExamRow.organisation_id == person.organisation_id)
    if not person.has(*STAFF):
        exams = exams.where(ExamRow.is_offered())
    if exam_id is not None:
        exams = exams.where(ExamRow.exam_id == exam_id)
    return select(SlotRow).where(SlotRow.exam_id.in_(exams))


async def _shown(session: AsyncSession, rows: list[SlotRow], now: datetime) -> list[SlotView]:
    wanted = {row.exam_id for row in rows}
    exams = {exam.exam_id: exam for exam in await session.scalars(_exams(wanted))}
    policies = await _policies(session, exams.values())
    waiting = await waiting_in(session, [row.slot_id for row in rows])
    views = []
    for row in rows:
        policy = policies.get(row.exam_id)
        until = row.ends_at if policy is None else bookable_until(row.starts_at, row.ends_at, policy)
        views.append(
            SlotView(
                slot_id=row.slot_id,
                exam_id=row.exam_id,
                exam_title=exams[row.exam_id].title,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                seats=row.seats,
                free_seats=max(0, row.seats - row.seats_taken),
                waiting=waiting.get(row.slot_id, 0),
                bookable_until=until,
                is_bookable=policy is not None and now < until,
            )
        )
    return views


def _exams(wanted: Collection[UUID]) -> Select[ExamRow]:
    return select(ExamRow).where(ExamRow.exam_id.in_(wanted))


async def _policies(session: AsyncSession, exams: Iterable[ExamRow]) -> dict[UUID, ExamPolicy]:
    """Of the versions that can be booked."""
    versions = [(exam.exam_id, exam.offered_version) for exam in exams if exam.offered_version is not None]
    query = select(ExamVersion).where(tuple_(ExamVersion.exam_id, ExamVersion.version).in_(versions))
    return {
        row.exam_id: ExamPolicy.model_validate(row.content["policy"]) for row in await session.scalars(query)
    }
