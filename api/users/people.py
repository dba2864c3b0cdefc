"""People about others: lists for staff, roles and standing by admins."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.context import ContextOf
from api.folded import holds_person, words_of
from api.paging import Page, PagingOf, page_of
from api.security import require
from api.token import CurrentPerson
from api.users.change import (
    Author,
    act_on,
    change_roles,
    described,
    find_other,
    record_details,
)
from api.users.person import cohort_named, find_person, show, show_all
from api.users.refresh import revoke_all
from api.users.shape import PersonUpdate, PersonView, RoleSet
from schema.db.journal import record
from schema.db.tables.users import Person, PersonRole
from schema.journal import ActKind
from schema.role import Role

router = APIRouter(prefix="/people")

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]
Reader = Annotated[CurrentPerson, require(Role.ADMIN, Role.PROCTOR)]
Search = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=100,
        description="Parts of name, address or number, in any spelling",
    ),
]
Extra = Annotated[bool | None, Query(description="Only people with, or only people without extra time")]


class Standing(StrEnum):
    """How an account stands."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    DISABLED = "disabled"


_STANDING = {
    Standing.CONFIRMED: (Person.confirmed_at.is_not(None), Person.disabled_at.is_(None)),
    Standing.UNCONFIRMED: (Person.confirmed_at.is_(None), Person.disabled_at.is_(None)),
    Standing.DISABLED: (Person.disabled_at.is_not(None),),
}
# Decimals are stored as text, so one has several spellings.
_NO_EXTRA = [Decimal("1"), Decimal("1.0"), Decimal("1.00")]


@router.get("", summary="List people")
async def list_people(
    person: Reader,
    context: ContextOf,
    paging: PagingOf,
    search: Search = None,
    role: Role | None = None,
    standing: Standing | None = None,
    extra_time: Extra = None,
) -> Page[PersonView]:
    """The organisation's people, newest first."""
    rows = _select(person.organisation_id, search, role)
    if standing is not None:
        rows = rows.where(*_STANDING[standing])
    if extra_time is not None:
        has_none = Person.duration_factor.in_(_NO_EXTRA)
        rows = rows.where(~has_none if extra_time else has_none)
    async with context.databases.users.read() as session:
        page = await page_of(session, rows, paging, Person.created_at, Person.person_id, lambda row: row)
        return Page(items=await show_all(session, page.items), next_cursor=page.next_cursor)


@router.get("/{person_id}", summary="Show a person")
async def show_person(person_id: UUID, person: Reader, context: ContextOf) -> PersonView:
    """One of the organisation's people."""
    async with context.databases.users.read() as session:
        return await show(session, await find_person(session, person_id, person.organisation_id))


@router.put("/{person_id}/roles", summary="Set a person's roles")
async def replace_roles(person_id: UUID, body: RoleSet, admin: Admin, context: ContextOf) -> PersonView:
    """Replace all roles of somebody else; they count at once, for what the person has open too."""
    author = Author(admin.person_id, context.now())

    async def work(session: AsyncSession) -> PersonView:
        found = await find_other(session, person_id, admin)
        await change_roles(session, found, body.roles, author)
        await session.flush()
        return await show(session, found)

    return await context.databases.users.run(work)


@router.patch("/{person_id}", summary="Change a person's standing")
async def update_person(person_id: UUID, body: PersonUpdate, admin: Admin, context: ContextOf) -> PersonView:
    """Set somebody else's name, number or cohort; disable (ends all sessions) or enable.

    A name or number that an admin has set belongs to the institution from then on. Extra time has a route of its own.
    """
    author = Author(admin.person_id, context.now())

    async def work(session: AsyncSession) -> PersonView:
        found = await find_other(session, person_id, admin)
        await _set_details(session, found, body, author)
        if body.is_disabled is not None:
            await _set_standing(session, found, body.is_disabled, author)
        return await show(session, found)

    return await context.databases.users.run(work)


async def _set_details(session: AsyncSession, person: Person, body: PersonUpdate, author: Author) -> None:
    earlier = await described(session, person)
    if body.cohort is not None:
        mine = person.organisation_id
        person.cohort_id = await cohort_named(session, mine, body.cohort, author.at) if body.cohort else None
    for name, value in body.model_dump(include={"display_name", "student_number"}, exclude_none=True).items():
        if getattr(person, name) != value:
            setattr(person, name, value)
            person.imported_at = person.imported_at or author.at
    await record_details(session, person, earlier, author)


async def _set_standing(session: AsyncSession, person: Person, is_disabled: bool, author: Author) -> None:
    if is_disabled == (person.disabled_at is not None):
        return
    person.disabled_at = author.at if is_disabled else None
    if is_disabled:
        await revoke_all(session, person.person_id, author.at)
    await record(session, act_on(author, person, ActKind.DISABLED if is_disabled else ActKind.ENABLED))


def _select(organisation_id: UUID, search: str | None, role: Role | None) -> Select[Person]:
    rows = select(Person).where(Person.organisation_id == organisation_id)
    if search:
        rows = rows.where(*[holds_person(word) for word in words_of(search)])
    if role is not None:
        rows = rows.where(
            Person.person_id.in_(select(PersonRole.person_id).where(PersonRole.role == role.value))
        )
    return rows
