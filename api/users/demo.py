"""The accounts that exist on every development machine."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from api.context import utc_now
from api.password import Passwords
from api.users.person import find_by_email, new_person, set_roles
from schema.db.session import Databases
from schema.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, DemoAccount
from schema.role import Role


async def ensure_demo_accounts(databases: Databases, passwords: Passwords | None = None) -> None:
    """Make the demo accounts that are missing; those that exist stay as they are."""
    async with databases.users.read() as session:
        missing = [
            account for account in DEMO_ACCOUNTS if await find_by_email(session, account.email) is None
        ]
    for account in missing:
        password_hash = await (passwords or Passwords()).hash(DEMO_PASSWORD)
        await databases.users.run(
            lambda session, account=account, password_hash=password_hash: _ensure(  # type: ignore[misc]
                session, account, password_hash, utc_now()
            )
        )


async def _ensure(session: AsyncSession, account: DemoAccount, password_hash: str, now: datetime) -> None:
    if await find_by_email(session, account.email) is not None:
        return
    person = new_person(account.email, account.display_name, password_hash, now)
    person.confirmed_at = now
    session.add(person)
    await set_roles(session, person.person_id, [Role(role.value) for role in account.roles])
