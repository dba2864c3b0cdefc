"""What somebody was at an earlier moment, from the audit log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from schema.db.session import Database
from schema.db.tables.users import JournalEntry, PersonRole
from schema.journal import ActKind
from schema.role import Role

WITH_ROLES = (ActKind.ROLES_CHANGED.value, ActKind.IMPORTED.value)


async def had_role(users: Database, person_id: UUID, role: Role, at: datetime) -> bool:
    """Whether the person had the role at that moment: the first later change tells what was before it.

    Roles that were never changed since then, nor recorded, have always been so.
    """
    later = (
        select(JournalEntry.before)
        .where(JournalEntry.subject_id == person_id, JournalEntry.kind.in_(WITH_ROLES), JournalEntry.at > at)
        .order_by(JournalEntry.number)
        .limit(1)
    )
    now = select(PersonRole.role).where(PersonRole.person_id == person_id)
    async with users.read() as session:
        before = await session.scalar(later)
        roles = before.get("roles", []) if before is not None else list(await session.scalars(now))
    return role.value in roles
