"""People as they are stored: finding them, showing them, giving them roles."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.users.shape import PersonView
from schema.db.insertion import insert_once
from schema.db.tables.users import Cohort, Person, PersonRole
from schema.failures import Failure, FailureType
from schema.ids import DEFAULT_ORGANISATION, cohort_id_for, new_id
from schema.role import Role


def new_person(email: str, display_name: str, password_hash: str, now: datetime) -> Person:
    """A person who has not confirmed their address and has no role yet."""
    return Person(
        person_id=new_id(),
        organisation_id=DEFAULT_ORGANISATION,
        email=email,
        display_name=display_name,
        password_hash=password_hash,
        duration_factor=Decimal(1),
        created_at=now,
    )


async def find_by_email(session: AsyncSession, email: str) -> Person | None:
    """The person with this address, in lower case."""
    return (await session.scalars(select(Person).where(Person.email == email))).one_or_none()


async def find_person(session: AsyncSession, person_id: UUID, organisation_id: UUID) -> Person:
    """One of the organisation's people. Raises NOT_FOUND."""
    person = await session.get(Person, person_id)
    if person is None or person.organisation_id != organisation_id:
        raise Failure(
            FailureType.NOT_FOUND, "there is no such person; go back and choose it again", person_id=person_id
        )
    return person


async def roles_of(session: AsyncSession, person_ids: Iterable[UUID]) -> dict[UUID, frozenset[Role]]:
    """The roles of each of these people."""
    wanted = list(person_ids)
    rows = await session.scalars(select(PersonRole).where(PersonRole.person_id.in_(wanted)))
    found: dict[UUID, set[Role]] = {person_id: set() for person_id in wanted}
    for row in rows:
        found[row.person_id].add(Role(row.role))
    return {person_id: frozenset(roles) for person_id, roles in found.items()}


async def set_roles(session: AsyncSession, person_id: UUID, roles: Iterable[Role]) -> None:
    """Let these be all roles of a person."""
    await session.execute(delete(PersonRole).where(PersonRole.person_id == person_id))
    session.add_all(PersonRole(person_id=person_id, role=role.value) for role in roles)


async def show(session: AsyncSession, person: Person) -> PersonView:
    """One person with roles."""
    return (await show_all(session, [person]))[0]


async def show_all(session: AsyncSession, people: Sequence[Person]) -> list[PersonView]:
    """People with their roles, in the same order."""
    roles = await roles_of(session, [person.person_id for person in people])
    cohorts = await cohort_names(session, {person.cohort_id for person in people if person.cohort_id})
    return [
        _view(person, roles[person.person_id], cohorts.get(person.cohort_id) if person.cohort_id else None)
        for person in people
    ]


async def cohort_names(session: AsyncSession, cohort_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these cohorts, as far as they have one."""
    rows = await session.scalars(select(Cohort).where(Cohort.cohort_id.in_(list(cohort_ids))))
    return {row.cohort_id: row.name for row in rows}


async def cohort_named(session: AsyncSession, organisation_id: UUID, name: str, now: datetime) -> UUID:
    """The cohort of this name, made when there is none."""
    cohort_id = cohort_id_for(organisation_id, name)
    if await session.get(Cohort, cohort_id) is None:
        cohort = Cohort(cohort_id=cohort_id, organisation_id=organisation_id, name=name, created_at=now)
        await insert_once(session, cohort)
    return cohort_id


def _view(person: Person, roles: frozenset[Role], cohort: str | None) -> PersonView:
    return PersonView(
        person_id=person.person_id,
        email=person.email,
        display_name=person.display_name,
        student_number=person.student_number,
        time_zone=person.time_zone,
        language=person.language,
        roles=sorted(roles),
        cohort_id=person.cohort_id,
        cohort=cohort,
        duration_factor=person.duration_factor,
        is_confirmed=person.confirmed_at is not None,
        is_disabled=person.disabled_at is not None,
        belongs_to_institution=person.imported_at is not None,
        created_at=person.created_at,
    )
