"""`python -m workers rebuild-timeline`: the timeline as far as the lake's events are whole."""

import asyncio
import logging
from datetime import date, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from activities.adapters.store import open_store
from activities.adapters.timeline import TimelineSink
from activities.rebuild import Rebuilder
from schema.db.session import Database, Databases
from schema.failures import Failure
from schema.settings import Settings, settings_or_exit

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)


@app.command("rebuild-timeline")
def rebuild_timeline(
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the first day, in UTC")],
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the last day")] = None,
) -> None:
    """Put the lake's events of a day, or of several, back into the timeline; what is there already stays as it is."""
    logging.basicConfig(level=logging.WARNING)
    try:
        asyncio.run(_rebuild(settings_or_exit(), day.date(), (until or day).date()))
    except Failure as failure:
        console.print(f"[red]{failure.message}[/red]. Nothing is lost; run it again.")
        raise typer.Exit(1) from failure


async def _rebuild(settings: Settings, first: date, last: date) -> None:
    databases = Databases.open(settings.database_url_of)
    try:
        await _rebuild_days(settings, databases.analytics, first, last)
    finally:
        await databases.close()


async def _rebuild_days(settings: Settings, analytics: Database, first: date, last: date) -> None:
    rebuilder = Rebuilder(open_store(settings), TimelineSink(analytics))
    bad = 0
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        done = await rebuilder.rebuild(day)
        bad += done.bad
        console.print(f"{day}: {done.events} events are in the timeline, {done.bad} lines are no events")
    if bad:
        console.print(f"[yellow]{bad} lines are damaged; their events are lost here.[/yellow]")
