"""Changes of people: who makes one, on whom, and the row of the audit log that goes with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.token import CurrentPerson
from api.users.person import cohort_names, find_person, roles_of, set_roles
from schema.db.journal import lock_journal, record
from schema.db.tables.users import Person
from schema.failures import Failure, FailureType
from schema.journal import Act, ActKind, ActSubject, changed
from schema.role import Role

OWN = "nobody changes their own roles or standing; ask another admin"


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a change, and when; None where it is done at the server itself."""

    person_id: UUID | None
    at: datetime


def act_on(author: Author, person: Person, kind: ActKind, **facts: Any) -> Act:
    """An act on this person."""
    return Act(
        organisation_id=person.organisation_id,
        at=author.at,
        actor_id=author.person_id,
        kind=kind,
        subject=ActSubject.PERSON,
        subject_id=person.person_id,
        **facts,
    )


async def find_other(session: AsyncSession, person_id: UUID, admin: CurrentPerson) -> Person:
    """Somebody else whom this admin may change. Raises CONFLICT for oneself, NOT_FOUND.

    Raises FORBIDDEN where another admin has just taken the role away: so of two who take it from each other at once
    one remains.
    """
    if person_id == admin.person_id:
        raise Failure(FailureType.CONFLICT, OWN)
    person = await find_person(session, person_id, admin.organisation_id)
    await check_still_admin(session, admin)
    return person


async def check_still_admin(session: AsyncSession, admin: CurrentPerson) -> None:
    """Of acts in one organisation one comes after the other; whoever is no admin any more may not go on."""
    await lock_journal(session, admin.organisation_id)
    mine = await session.get(Person, admin.person_id, populate_existing=True)
    roles = (await roles_of(session, [admin.person_id]))[admin.person_id]
    if mine is None or mine.disabled_at is not None or Role.ADMIN not in roles:
        raise Failure(FailureType.FORBIDDEN, "this is for admins; your account is none any more")


async def change_roles(
    session: AsyncSession, person: Person, roles: Iterable[Role], author: Author, reason: str = ""
) -> None:
    """Let these be all roles of a person, and remember what they were."""
    before = (await roles_of(session, [person.person_id]))[person.person_id]
    after = frozenset(roles)
    if before == after:
        return
    await set_roles(session, person.person_id, after)
    act = act_on(
        author,
        person,
        ActKind.ROLES_CHANGED,
        before={"roles": sorted(before)},
        after={"roles": sorted(after)},
        reason=reason,
    )
    await record(session, act)


async def described(session: AsyncSession, person: Person) -> dict[str, Any]:
    """What is on record of a person, for comparing it before and after a change."""
    cohorts = await cohort_names(session, {person.cohort_id} if person.cohort_id else set())
    return {
        "display_name": person.display_name,
        "student_number": person.student_number,
        "cohort": cohorts.get(person.cohort_id, "") if person.cohort_id else "",
        "belongs_to_institution": person.imported_at is not None,
    }


async def record_details(
    session: AsyncSession, person: Person, earlier: dict[str, Any], author: Author
) -> None:
    """Remember which details of a person are others than they were."""
    before, after = changed(earlier, await described(session, person))
    if after:
        await record(session, act_on(author, person, ActKind.DETAILS_CHANGED, before=before, after=after))
