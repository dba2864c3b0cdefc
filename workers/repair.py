"""`python -m workers repair`: what does not agree between rows and workflows, and its repair; also after a restore."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from activities.orphan.port import Orphan
from schema.failures import Failure
from schema.settings import Settings, settings_or_exit
from workers.equipment import equipment
from workers.orphan import settle_numbers, sweep_of

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)

ROUNDS = 5  # what one repair brings to light, such as children of what was lost, the next one mends


@app.command()
def repair(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="list what is wrong, and change nothing else")
    ] = False,
) -> None:
    """Find workflows that are not as their rows say, and repair them. The product is to be running."""
    logging.basicConfig(level=logging.ERROR)
    try:
        left = asyncio.run(_repair(settings_or_exit(), is_dry=dry_run))
    except (Failure, RuntimeError) as trouble:
        said = (
            trouble.message
            if isinstance(trouble, Failure)
            else "Temporal does not answer; start the product first"
        )
        console.print(f"[red]{said}[/red]")
        raise typer.Exit(1) from trouble
    if left:
        raise typer.Exit(1)


async def _repair(settings: Settings, *, is_dry: bool) -> int:
    """How many are left."""
    async with equipment(settings) as tools:
        raised = 0 if is_dry else await settle_numbers(tools)
        if raised:
            console.print(
                f"{raised} attempts: their events are numbered on from what the lake and the timeline hold."
            )
        sweep = sweep_of(tools)
        found: Sequence[Orphan] = await sweep.look(all_at_once=True)
        for _ in range(1 if is_dry else ROUNDS):
            if not found:
                break
            for orphan in found:
                outcome = "" if is_dry else await sweep.mend(orphan)
                console.print(f"{orphan.workflow_id}: {orphan.trouble}{f' - {outcome}' if outcome else ''}")
            if not is_dry:
                await asyncio.sleep(2)  # until what was started has written its row
                found = await sweep.look(all_at_once=True)
        await _say(len(found))
        return len(found)


async def _say(left: int) -> None:
    if left:
        console.print(f"[red]{left} workflows are not as their rows say.[/red] Run it again in a minute.")
    else:
        console.print("Every open attempt, review and retention agrees with its workflow.")
