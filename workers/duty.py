"""What is done by the day: `python -m workers backup`, `restore-check`, `restore`, `audit-retention`."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from activities.adapters.mariadb_copier import MariadbCopier
from activities.adapters.sql.retention_register import SqlRetentionRegister
from activities.adapters.sqlite_copier import SqliteCopier
from activities.adapters.store import open_store
from activities.audit import RetentionAudit
from activities.backup import Backup
from activities.ports.backup import DatabaseCopier
from schema.audit import AuditReport, audit_name
from schema.db.migrate import migrate
from schema.db.schemas import METADATA
from schema.db.session import Databases
from schema.failures import Failure
from schema.settings import Settings, settings_or_exit
from workers.restore.command import begin, next_steps

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)

Result = TypeVar("Result")

Day = Annotated[
    datetime, typer.Option("--day", formats=["%Y-%m-%d"], help="the day it is for, such as 2026-11-22")
]


@app.command()
def backup(day: Day) -> None:
    """Copy every database into the day's folder, and let the oldest go."""
    settings = settings_or_exit()
    manifest = _or_exit(backup_of(settings).take, day.date())
    size = sum(copy.size for copy in manifest.copies)
    rows = sum(sum(copy.rows.values()) for copy in manifest.copies)
    console.print(
        f"Backup of {manifest.day}, taken {manifest.taken_at:%F %T} UTC: {len(manifest.copies)} databases, "
        f"{rows} rows, {size} bytes in {settings.backup_folder / str(manifest.day)}"
    )


@app.command()
def restore_check(day: Day) -> None:
    """Bring a day's copies back beside the real databases, and count. Ends with 1 when one is not whole."""
    found = _or_exit(backup_of(settings_or_exit()).try_out, day.date())
    for sentence in found:
        console.print(f"[red]{sentence}[/red]")
    if found:
        raise typer.Exit(1)
    console.print(f"The backup of {day:%F} comes back whole.")


@app.command()
def restore(
    day: Day,
    lake_is_a_copy: Annotated[
        bool, typer.Option("--lake-is-a-copy", help="the lake was put back, too: it knows nothing newer")
    ] = False,
) -> None:
    """Bring a day's copies back into empty databases. Stop the product first, and run `repair` once it is back."""
    settings = settings_or_exit()
    manifest = _or_exit(backup_of(settings).restore, day.date())
    migrate(settings.database_url_of)
    pause = _or_exit(
        lambda _: asyncio.run(begin(settings, manifest.taken_at, is_lake_a_copy=lake_is_a_copy)), day.date()
    )
    console.print(
        f"{len(manifest.copies)} databases are as they were on {manifest.taken_at:%F %T} UTC.\n{next_steps(pause)}"
    )


@app.command()
def audit_retention(day: Day) -> None:
    """Check what must be deleted and what must be kept. Ends with 1 when something is wrong."""
    report = _or_exit(lambda which: asyncio.run(_audit(settings_or_exit(), which)), day.date())
    for finding in report.findings:
        console.print(f"[red]{finding.kind}: {finding.detail}[/red]")
    console.print(
        f"{report.attempts} attempts, {report.on_hold} on hold, {report.objects} objects, "
        f"{len(report.findings)} findings: {audit_name(report.day)}"
    )
    if report.findings:
        raise typer.Exit(1)


async def _audit(settings: Settings, day: date) -> AuditReport:
    databases = Databases.open(settings.database_url_of)
    try:
        audit = RetentionAudit(SqlRetentionRegister(databases), open_store(settings))
        return await audit.run(day, datetime.now(UTC))
    finally:
        await databases.close()


def backup_of(settings: Settings) -> Backup:
    """Backups of the databases that the settings name."""
    return Backup(
        _copier(settings), METADATA, settings.backup_folder, settings.backup_keep, lambda: datetime.now(UTC)
    )


def _copier(settings: Settings) -> DatabaseCopier:
    is_file = settings.database_url_of("users").startswith("sqlite")
    return SqliteCopier(settings.database_url_of) if is_file else MariadbCopier(settings.database_url_of)


def _or_exit(work: Callable[[date], Result], day: date) -> Result:
    try:
        return work(day)
    except Failure as failure:
        console.print(f"[red]{failure.message}[/red]")
        raise typer.Exit(1) from failure
