"""`python -m workers verify-audit-log`: computes the chain of what people did again, act by act."""

import asyncio

import typer
from rich.console import Console

from schema.db.journal import verify_journals
from schema.db.session import Databases
from schema.journal import Verification
from schema.settings import Settings, settings_or_exit

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)


@app.command()
def verify_audit_log() -> None:
    """Say whether any act was changed, removed or put in; ends with 1 where one was."""
    found = asyncio.run(_verify(settings_or_exit()))
    for one in found:
        console.print(_sentence(one))
    if not found:
        console.print("Nobody has done anything yet: the audit log is empty.")
    if not all(one.is_whole for one in found):
        raise typer.Exit(1)


async def _verify(settings: Settings) -> list[Verification]:
    databases = Databases.open(settings.database_url_of)
    try:
        return await verify_journals(databases.users)
    finally:
        await databases.close()


def _sentence(found: Verification) -> str:
    where = f"organisation {found.organisation_id}"
    if found.is_whole:
        noted = f"newest: {found.head} (noted elsewhere, it proves that none was cut off)"
        return f"{where}: {found.acts} acts, whole; {noted}"
    return (
        f"[red]{where}: act {found.broken_at} is not as it was written[/red], or one is missing there. "
        f"Compare with a backup; what was noted of the newest act says {found.acts} acts, {found.head}."
    )
