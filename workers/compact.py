"""`python -m workers compact`: the lake's small event objects become large ones."""

import asyncio
import logging
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from activities.adapters.store import open_store
from activities.compaction import Compactor
from schema.failures import Failure
from schema.settings import Settings, settings_or_exit

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)
BROKEN_OFF = timedelta(days=1)  # no write takes that long


@app.command()
def compact(
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the day, in UTC; it must be over")],
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the last day")] = None,
) -> None:
    """Join each topic's event objects of a day, or of several, into one; safe to repeat."""
    logging.basicConfig(level=logging.WARNING)
    first, last = day.date(), (until or day).date()
    if not first <= last < datetime.now(UTC).date():
        console.print(f"[red]{first} to {last} are not days that are over: name earlier ones[/red]")
        raise typer.Exit(2)
    try:
        asyncio.run(_compact(settings_or_exit(), first, last))
    except Failure as failure:
        console.print(f"[red]{failure.message}[/red]. Nothing is lost; run it again.")
        raise typer.Exit(1) from failure


async def _compact(settings: Settings, first: date, last: date) -> None:
    store = open_store(settings)
    compactor = Compactor(store)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        done = await compactor.compact(day)
        for one in done:
            console.print(
                f"{day} {one.topic}: {one.sources} objects are one, {one.lines} lines, {one.bad} no events"
            )
        if not done:
            console.print(f"{day}: nothing to join")
    await store.sweep(BROKEN_OFF)
