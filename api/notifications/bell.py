"""A person's notifications: list them, count the unread ones, mark them read."""

from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.context import ContextOf
from api.notifications.shape import NotificationView, teller_for
from api.paging import Page, PagingOf, page_of
from api.security import SignedIn
from schema.db.tables.notifications import NotificationRow
from schema.failures import Failure, FailureType

router = APIRouter()


class Unread(BaseModel):
    """How many notifications wait."""

    unread: int


class MarkedRead(BaseModel):
    """How many became read."""

    marked: int


@router.get("", summary="My notifications")
async def list_notifications(
    me: SignedIn,
    context: ContextOf,
    paging: PagingOf,
    unread: Annotated[bool, Query(description="Only unread ones")] = False,
) -> Page[NotificationView]:
    """Newest first."""
    rows = select(NotificationRow).where(NotificationRow.person_id == me.person_id)
    if unread:
        rows = rows.where(NotificationRow.read_at.is_(None))
    teller = await teller_for(me.person_id, context)
    order = (NotificationRow.created_at, NotificationRow.notification_id)
    async with context.databases.notifications.read() as session:
        return await page_of(session, rows, paging, *order, teller.view)


@router.get("/unread", summary="How many are unread")
async def count_unread(me: SignedIn, context: ContextOf) -> Unread:
    """For the number beside the bell."""
    waiting = select(func.count()).select_from(NotificationRow).where(*_unread_of(me.person_id))
    async with context.databases.notifications.read() as session:
        return Unread(unread=await session.scalar(waiting) or 0)


@router.put("/read", summary="Mark all my notifications read")
async def mark_all_read(me: SignedIn, context: ContextOf) -> MarkedRead:
    """Doing it again changes nothing."""
    return MarkedRead(marked=await _mark(context, _unread_of(me.person_id)))


@router.put("/{notification_id}/read", summary="Mark one read")
async def mark_read(notification_id: UUID, me: SignedIn, context: ContextOf) -> MarkedRead:
    """Doing it again changes nothing. Somebody else's notification does not exist for you."""
    async with context.databases.notifications.read() as session:
        row = await session.get(NotificationRow, notification_id)
    if row is None or row.person_id != me.person_id:
        raise Failure(
            FailureType.NOT_FOUND,
            "you have no such notification; load the list again",
            notification_id=notification_id,
        )
    it = NotificationRow.notification_id == notification_id
    return MarkedRead(marked=await _mark(context, (it, *_unread_of(me.person_id))))


def _unread_of(person_id: UUID) -> tuple[Any, ...]:
    return (NotificationRow.person_id == person_id, NotificationRow.read_at.is_(None))


async def _mark(context: ContextOf, which: tuple[Any, ...]) -> int:
    change = update(NotificationRow).where(*which).values(read_at=context.now())

    async def work(session: AsyncSession) -> int:
        return cast(CursorResult[Any], await session.execute(change)).rowcount

    return await context.databases.notifications.run(work)
