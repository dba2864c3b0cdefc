"""What was registered for an address that nobody confirmed yet: whoever owns the mailbox confirms their own of it.

A stranger may register the address again, before the owner or after; that takes nothing away from the owner.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.users.mail_token import LIVES, Purpose
from api.users.shape import Registration
from schema.db.tables.users import PendingRegistration, Person
from schema.ids import new_id

MOST_KEPT = 10  # of one address, whose hashes a confirmation tries; the first and the latest always


async def keep_registration(
    session: AsyncSession, person_id: UUID, body: Registration, password_hash: str, now: datetime
) -> None:
    """Beside those before it, as long as a mailed link lives; of any address, what is older goes."""
    old = PendingRegistration.registered_at < now - LIVES[Purpose.CONFIRM]
    await session.execute(delete(PendingRegistration).where(old))
    known = await registrations_of(session, person_id)
    for row in list(known[1:-1])[: max(0, len(known) + 1 - MOST_KEPT)]:
        await session.delete(row)
    session.add(
        PendingRegistration(
            registration_id=new_id(),
            person_id=person_id,
            password_hash=password_hash,
            display_name=body.display_name,
            student_number=body.student_number,
            time_zone=body.time_zone,
            language=body.language,
            registered_at=now,
        )
    )


async def registrations_of(session: AsyncSession, person_id: UUID) -> Sequence[PendingRegistration]:
    """The oldest first."""
    row = PendingRegistration
    mine = select(row).where(row.person_id == person_id)
    return (await session.scalars(mine.order_by(row.registered_at, row.registration_id))).all()


async def forget_registrations(session: AsyncSession, person_id: UUID) -> None:
    """The address is confirmed."""
    await session.execute(delete(PendingRegistration).where(PendingRegistration.person_id == person_id))


def describe(person: Person, told: Registration | PendingRegistration | Person) -> None:
    """As whoever registered said."""
    person.display_name, person.student_number = told.display_name, told.student_number
    person.time_zone, person.language = told.time_zone, told.language
