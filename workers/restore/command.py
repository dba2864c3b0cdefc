"""`python -m workers restored` and `held-mails`: what follows when databases are a copy of an earlier time."""

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from activities.adapters.sql.mail_pause import SqlMailPauses
from activities.adapters.store import open_store
from activities.ports import Pause
from schema.db.migrate import migrate
from schema.db.session import Databases
from schema.db.trouble import DatabaseTrouble
from schema.journal import ActKind
from schema.settings import Settings, settings_or_exit
from workers.restore.journal import record_command
from workers.restore.settlement import Settlement

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)


HOW_TO_RESUME = "run `python -m workers repair`, with `--resume-mails` where something cannot be repaired."


class HeldMails(StrEnum):
    """What becomes of the mails that a restore held back."""

    SHOW = "show"
    SEND = "send"
    DROP = "drop"


@app.command()
def restored(
    at: Annotated[
        datetime | None,
        typer.Option("--at", help="when the copy was taken, UTC; otherwise the newest event in it tells"),
    ] = None,
    lake_kept: Annotated[
        bool, typer.Option("--lake-kept", help="the lake is the one that was in use, no copy")
    ] = False,
) -> None:
    """Say that the databases were put back as files, before the product starts; `restore` says so by itself."""
    settings, taken_at = settings_or_exit(), None if at is None else at.replace(tzinfo=UTC)
    try:
        migrate(settings.database_url_of)
    except DatabaseTrouble as trouble:
        raise SystemExit(str(trouble)) from trouble
    pause = asyncio.run(begin(settings, taken_at, is_lake_a_copy=not lake_kept))
    console.print(f"The databases are as they were on {pause.taken_at:%F %T} UTC.\n{next_steps(pause)}")


@app.command()
def held_mails(
    what: Annotated[
        HeldMails, typer.Argument(help="show how many, send them, or drop them")
    ] = HeldMails.SHOW,
) -> None:
    """Mails of which nothing says whether they had been sent before a restore."""
    settings = settings_or_exit()
    count = asyncio.run(_held(settings, what))
    done = {
        HeldMails.SHOW: "mails are held. `python -m workers held-mails send` sends them, `drop` gives them up.",
        HeldMails.SEND: "mails are sent now.",
        HeldMails.DROP: "mails are given up.",
    }
    console.print(f"{count} {done[what]}")
    if pause := asyncio.run(paused_since(settings)):
        console.print(f"No mail is sent since the restore of {pause.taken_at:%F %T} UTC: {HOW_TO_RESUME}")


async def paused_since(settings: Settings) -> Pause | None:
    """The restore whose repair has not ended yet."""
    databases = Databases.open(settings.database_url_of)
    try:
        return await SqlMailPauses(databases.notifications).paused()
    finally:
        await databases.close()


async def begin(settings: Settings, taken_at: datetime | None, *, is_lake_a_copy: bool) -> Pause:
    """What is done before the product starts on older databases; it is written into the audit log."""
    databases = Databases.open(settings.database_url_of)
    try:
        settlement = Settlement(databases, open_store(settings))
        pause = await settlement.begin(taken_at, is_lake_a_copy=is_lake_a_copy)
        told = {"taken_at": pause.taken_at.isoformat()}
        await record_command(databases.users, ActKind.RESTORED, told)
        return pause
    finally:
        await databases.close()


def next_steps(pause: Pause) -> str:
    """For the operator."""
    known = (
        "The lake outlived what was lost: it says which mails were sent and which numbers events had."
        if pause.is_log_whole
        else "No lake says what was sent and numbered since; events skip numbers, and mails that wait will be held."
    )
    return (
        f"{known} No mail is sent until it is repaired.\n"
        "Next: start the product, then `python -m workers repair`."
    )


async def _held(settings: Settings, what: HeldMails) -> int:
    databases = Databases.open(settings.database_url_of)
    try:
        pauses = SqlMailPauses(databases.notifications)
        if what is HeldMails.SHOW:
            return await pauses.held()
        count = await pauses.settle_held(send=what is HeldMails.SEND)
        kind = ActKind.HELD_MAILS_SENT if what is HeldMails.SEND else ActKind.HELD_MAILS_DROPPED
        await record_command(databases.users, kind, {"mails": count})
        return count
    finally:
        await databases.close()
