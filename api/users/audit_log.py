"""The audit log for admins: who did what to people, exams, attempts and results, before and after."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.context import ContextOf
from api.paging import Page, PagingOf, page_along
from api.security import require
from api.token import CurrentPerson
from schema.db.journal import verify_journal
from schema.db.tables.users import JournalEntry, JournalHead, Person
from schema.journal import NO_HASH, ActSubject, Verification
from schema.model import Message
from schema.role import Role

router = APIRouter(prefix="/audit-log")

PEOPLE = ("assignee_id", "person_id")  # facts of an act that are a person's id

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


class ActView(Message):
    """One act, in its place in the chain."""

    number: int
    at: datetime
    actor_id: UUID | None = Field(description="Null: done at the server itself")
    actor_name: str
    kind: str = Field(examples=["roles_changed"])
    subject: ActSubject
    subject_id: UUID
    subject_name: str = Field(description="Of a person; empty for what has no name here")
    exam_id: UUID | None
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]
    names: dict[UUID, str] = Field({}, description="Of people whom `before` and `after` give by their id")
    hash: str


@router.get("", summary="Read the audit log")
async def list_acts(
    admin: Admin,
    context: ContextOf,
    paging: PagingOf,
    person_id: Annotated[UUID | None, Query(description="Acts by this person or on them")] = None,
    subject_id: Annotated[UUID | None, Query(description="Acts on this exam, attempt or review")] = None,
    exam_id: UUID | None = None,
    kind: Annotated[list[str] | None, Query(description="One or several")] = None,
) -> Page[ActView]:
    """The organisation's acts, newest first. Nothing can be changed or taken out of them."""
    rows = select(JournalEntry).where(JournalEntry.organisation_id == admin.organisation_id)
    if person_id is not None:
        rows = rows.where((JournalEntry.actor_id == person_id) | (JournalEntry.subject_id == person_id))
    if subject_id is not None:
        rows = rows.where(JournalEntry.subject_id == subject_id)
    if exam_id is not None:
        rows = rows.where(JournalEntry.exam_id == exam_id)
    if kind:
        rows = rows.where(JournalEntry.kind.in_(kind))
    async with context.databases.users.read() as session:
        page = await page_along(
            session, rows, paging, (JournalEntry.number,), lambda row: row, is_descending=True
        )
        names = await _names(session, page.items)
    return Page(items=[_view(row, names) for row in page.items], next_cursor=page.next_cursor)


@router.get("/verification", summary="Verify the audit log")
async def verify(admin: Admin, context: ContextOf) -> Verification:
    """Compute the whole chain again; `broken_at` is the first act that does not fit."""
    async with context.databases.users.read() as session:
        head = await session.get(JournalHead, admin.organisation_id)
        if head is None:
            return Verification(organisation_id=admin.organisation_id, acts=0, head=NO_HASH)
        return await verify_journal(session, head)


async def _names(session: AsyncSession, rows: Sequence[JournalEntry]) -> dict[UUID, str]:
    wanted = {row.actor_id for row in rows if row.actor_id} | {
        row.subject_id for row in rows if row.subject == "person"
    }
    mentioned = {found for row in rows for found in _mentioned(row)}
    query = select(Person.person_id, Person.display_name).where(Person.person_id.in_(wanted | mentioned))
    return {row.person_id: row.display_name for row in await session.execute(query)}


def _mentioned(row: JournalEntry) -> set[UUID]:
    """People whom the act itself names by an id, such as who a review was given to."""
    values = [facts.get(name) for facts in (row.before, row.after) for name in PEOPLE]
    return {UUID(str(value)) for value in values if value}


def _view(row: JournalEntry, names: dict[UUID, str]) -> ActView:
    shared = {name: getattr(row, name) for name in ActView.model_fields if hasattr(row, name)}
    return ActView.model_validate(
        {
            **shared,
            "actor_name": names.get(row.actor_id, "") if row.actor_id else "",
            "subject_name": names.get(row.subject_id, "") if row.subject == "person" else "",
            "names": {found: names[found] for found in _mentioned(row) if found in names},
        }
    )
