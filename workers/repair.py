"""`python -m workers repair`: what does not agree between rows and workflows, and its repair; also after a restore."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from activities.orphan.port import Orphan
from schema.failures import Failure
from schema.journal import ActKind, ActSubject
from schema.orphan import Trouble
from schema.queue import WorkflowType
from schema.settings import Settings, settings_or_exit
from workers.equipment import Equipment, equipment
from workers.orphan import recovery_of, sweep_of
from workers.restore.journal import record_command
from workers.restore.resumption import Resumption
from workers.restore.settlement import Settlement

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)

LEFT_ALONE = {WorkflowType.REVIEW: "whoever opened it starts it again within a minute"}
ROUNDS = 5  # what one repair brings to light, such as children of what was lost, the next one mends


@app.command()
def repair(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="list what is wrong, and change nothing else")
    ] = False,
    resume_mails: Annotated[
        bool,
        typer.Option(
            "--resume-mails", help="send mails again although something is left; those that wait are held"
        ),
    ] = False,
) -> None:
    """Find workflows that are not as their rows say, and repair them. The product is to be running."""
    logging.basicConfig(level=logging.ERROR)
    try:
        left = asyncio.run(run_repair(settings_or_exit(), is_dry=dry_run, resume_mails=resume_mails))
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


async def run_repair(settings: Settings, *, is_dry: bool, resume_mails: bool = False) -> int:
    """Compare, repair and settle the mails, saying what is done; how many workflows are left."""
    async with equipment(settings) as tools:
        settlement = Settlement(tools.databases, tools.store)
        if not is_dry:
            await _settle(settlement)
        left = await _repair_workflows(tools, is_dry=is_dry)
        resumption = Resumption(tools.databases.notifications, recovery_of(tools))
        said = await resumption.report(is_dry=is_dry, is_settled=not left, may_hold=resume_mails)
        for sentence in said:
            console.print(sentence)
        return left


async def _settle(settlement: Settlement) -> None:
    if raised := await settlement.settle_numbers():
        console.print(
            f"{raised} attempts: their events are numbered on from what the lake and the timeline hold."
        )
    if sent := await settlement.settle_mails():
        console.print(f"{sent} mails had been sent, as the lake knows: they are not sent again.")


async def _repair_workflows(tools: Equipment, *, is_dry: bool) -> int:
    sweep = sweep_of(tools)
    found: Sequence[Orphan] = await sweep.look(all_at_once=True)
    for number in range(1 if is_dry else ROUNDS):
        if not found:
            break
        for orphan in found:
            may_catch_up = orphan.trouble is Trouble.OVERDUE and not number
            outcome = "" if is_dry or may_catch_up else await sweep.mend(orphan)
            told = outcome or LEFT_ALONE.get(orphan.kind, "")
            console.print(
                f"{orphan.workflow_id}: {orphan.trouble}{f' - {told}' if told and not is_dry else ''}"
            )
            if outcome:
                await _record(tools, orphan, outcome)
        if not is_dry:
            await asyncio.sleep(2)  # until what was started has written its row
            found = await sweep.look(all_at_once=True)
    _say(len(found))
    return len(found)


async def _record(tools: Equipment, orphan: Orphan, outcome: str) -> None:
    """Into the audit log."""
    after = {"workflow": orphan.workflow_id, "outcome": f"{orphan.trouble}: {outcome}"}
    kind, users = ActKind.WORKFLOW_REPAIRED, tools.databases.users
    if orphan.attempt_id is None:
        await record_command(users, kind, after)
    else:
        await record_command(users, kind, after, ActSubject.ATTEMPT, orphan.attempt_id)


def _say(left: int) -> None:
    if left:
        console.print(f"[red]{left} workflows are not as their rows say.[/red] Run it again in a minute.")
    else:
        console.print("Every open attempt, review, retention and operation agrees with its workflow.")
