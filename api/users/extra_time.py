"""Extra time that a person always gets: set by admins with a reason, and kept with who set it and when."""

from collections.abc import Sequence
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
from api.users.change import Author, act_on, find_other
from api.users.person import find_person, show
from api.users.shape import ExtraTime, ExtraTimeView, PersonView
from schema.db.journal import record
from schema.db.tables.users import Accommodation, Person
from schema.ids import new_id
from schema.journal import ActKind
from schema.role import Role

router = APIRouter(prefix="/people/{person_id}/extra-time")

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


@router.put("", summary="Set a person's extra time")
async def set_extra_time(person_id: UUID, body: ExtraTime, admin: Admin, context: ContextOf) -> PersonView:
    """Counts for every attempt that starts from now on, whenever it was reserved; one that runs can be extended.

    The same factor again changes nothing, whatever its reason. Nobody sets their own.
    """
    author = Author(admin.person_id, context.now())

    async def work(session: AsyncSession) -> PersonView:
        found = await find_other(session, person_id, admin)
        await grant(session, found, body.duration_factor, body.reason, author)
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


async def grant(session: AsyncSession, person: Person, factor: Decimal, reason: str, author: Author) -> None:
    """Let this be the person's factor, and remember who said so; nothing happens when it is already."""
    before = person.duration_factor
    if before == factor:
        return
    person.duration_factor = factor
    entry = Accommodation(accommodation_id=new_id(), person_id=person.person_id, duration_factor=factor)
    entry.reason, entry.set_by, entry.set_at = reason, author.person_id or person.person_id, author.at
    session.add(entry)
    act = act_on(
        author,
        person,
        ActKind.EXTRA_TIME_CHANGED,
        reason=reason,
        before={"duration_factor": f"{before.normalize():f}"},
        after={"duration_factor": f"{factor.normalize():f}"},
    )
    await record(session, act)


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
