"""`python -m api.users.admin EMAIL`: makes a person with a confirmed address an admin, the first one above all."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from api.users.change import Author, change_roles
from api.users.person import find_by_email, roles_of
from schema.db.session import Databases
from schema.role import Role
from schema.settings import Settings, settings_or_exit


def main(email: Annotated[str, typer.Argument(help="the confirmed address of the account")]) -> None:
    """Give an account the role admin."""
    is_done = asyncio.run(_run(settings_or_exit(), email))
    typer.echo(
        f"{email} is an admin now" if is_done else f"there is no confirmed account {email}; register first"
    )
    raise typer.Exit(0 if is_done else 1)


async def make_admin(databases: Databases, email: str) -> bool:
    """Add the role to those the person has; false when nobody has confirmed this address."""

    async def work(session: AsyncSession) -> bool:
        person = await find_by_email(session, email.lower())
        if person is None or person.confirmed_at is None:
            return False
        roles = (await roles_of(session, [person.person_id]))[person.person_id]
        server = Author(None, datetime.now(UTC))
        await change_roles(session, person, roles | {Role.ADMIN}, server, "python -m api.users.admin")
        return True

    return await databases.users.run(work)


async def _run(settings: Settings, email: str) -> bool:
    databases = Databases.open(settings.database_url_of)
    try:
        return await make_admin(databases, email)
    finally:
        await databases.close()


if __name__ == "__main__":
    typer.run(main)
