"""Extra time that a person always gets: set by admins with a reason, and kept with who set it and when."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.context import ContextOf
from api.paging import Page, PagingOf, page_of
from api.security import require
from api.token import CurrentPerson
from api.users.person import find_person, show
from api.users.shape import ExtraTime, ExtraTimeView, PersonView
from schema.db.tables.users import Accommodation, Person
from schema.ids import new_id
from schema.role import Role

router = APIRouter(prefix="/people/{person_id}/extra-time")

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


@router.put("", summary="Set a person's extra time")
async def set_extra_time(person_id: UUID, body: ExtraTime, admin: Admin, context: ContextOf) -> PersonView:
    """Counts for attempts that are reserved from now on: those that exist keep their time and can be extended.

    The same factor again changes nothing, whatever its reason.
    """

    async def work(session: AsyncSession) -> PersonView:
        found = await find_person(session, person_id, admin.organisation_id)
        grant(session, found, body.duration_factor, body.reason, admin.person_id, context.now())
        return await show(session, found)

    return await context.databases.users.run(work)


@router.get("", summary="List a person's extra time")
async def list_extra_time(
    person_id: UUID, admin: Admin, context: ContextOf, paging: PagingOf
) -> Page[ExtraTimeView]:
    """Every change, newest first. Only for admins: a reason may tell of somebody's health."""
    rows = select(Accommodation).where(Accommodation.person_id == person_id)
    async with context.databases.users.read() as session:
        await find_person(session, person_id, admin.organisation_id)
        order = (Accommodation.set_at, Accommodation.accommodation_id)
        page = await page_of(session, rows, paging, *order, lambda row: row)
        items = await _shown(session, page.items)
        return Page(items=items, next_cursor=page.next_cursor)


def grant(
    session: AsyncSession, person: Person, factor: Decimal, reason: str, admin_id: UUID, now: datetime
) -> None:
    """Let this be the person's factor, and remember who said so; nothing happens when it is already."""
    if person.duration_factor == factor:
        return
    person.duration_factor = factor
    entry = Accommodation(accommodation_id=new_id(), person_id=person.person_id, duration_factor=factor)
    entry.reason, entry.set_by, entry.set_at = reason, admin_id, now
    session.add(entry)


async def _shown(session: AsyncSession, rows: Sequence[Accommodation]) -> list[ExtraTimeView]:
    named = select(Person.person_id, Person.display_name)
    found = await session.execute(named.where(Person.person_id.in_({row.set_by for row in rows})))
    names = {row.person_id: row.display_name for row in found}
    return [
        ExtraTimeView(
            duration_factor=row.duration_factor,
            reason=row.reason,
            set_by=row.set_by,
            set_by_name=names.get(row.set_by, ""),
            set_at=row.set_at,
        )
        for row in rows
    ]
