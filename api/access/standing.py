"""How people stand at this moment: their sessions and roles, read for each request and for every open socket."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from api.token import AccessClaim, CurrentPerson
from schema.db.session import Database
from schema.db.tables.users import Person, PersonRole, RefreshToken
from schema.failures import Failure, FailureType
from schema.role import Role

SESSIONS_PER_QUERY = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose session it is, and the roles this person has now."""

    person_id: UUID
    organisation_id: UUID
    roles: frozenset[Role]


async def current_person(users: Database, claim: AccessClaim) -> CurrentPerson:
    """Who calls, with the roles they have now. Raises UNAUTHENTICATED for an ended session or a disabled account."""
    standing = (await standings(users, [claim.session_id])).get(claim.session_id)
    if standing is None or standing.person_id != claim.person_id:
        raise Failure(FailureType.UNAUTHENTICATED, "this session has ended; sign in again")
    return CurrentPerson(
        person_id=standing.person_id,
        organisation_id=standing.organisation_id,
        session_id=claim.session_id,
        roles=standing.roles,
        token_expires_at=claim.expires_at,
    )


async def standings(users: Database, sessions: Collection[UUID]) -> Mapping[UUID, Standing]:
    """The standing behind each of these sessions; one that has ended, or whose person is disabled, has none."""
    wanted = list(sessions)
    found: dict[UUID, Standing] = {}
    for start in range(0, len(wanted), SESSIONS_PER_QUERY):
        found |= await _standings(users, wanted[start : start + SESSIONS_PER_QUERY])
    return found


async def _standings(users: Database, sessions: Collection[UUID]) -> dict[UUID, Standing]:
    # Of a session that goes on exactly one token is neither used nor revoked (api/users/refresh.py).
    query = (
        select(RefreshToken.family_id, Person.person_id, Person.organisation_id, PersonRole.role)
        .join(Person, Person.person_id == RefreshToken.person_id)
        .outerjoin(PersonRole, PersonRole.person_id == Person.person_id)
        .where(RefreshToken.family_id.in_(sessions), Person.disabled_at.is_(None))
        .where(RefreshToken.used_at.is_(None), RefreshToken.revoked_at.is_(None))
    )
    async with users.read() as session:
        rows = (await session.execute(query)).all()
    roles: dict[UUID, set[Role]] = {row.family_id: set() for row in rows}
    for row in rows:
        if row.role is not None:
            roles[row.family_id].add(Role(row.role))
    return {
        row.family_id: Standing(row.person_id, row.organisation_id, frozenset(roles[row.family_id]))
        for row in rows
    }
