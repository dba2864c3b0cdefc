"""`python -m workers doctor`: what is wrong in words; `… polls QUEUE`: whether this machine works on a queue."""

import asyncio
import json
import logging
import socket
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from temporalio.service import RPCError

from schema.queue import Queue
from schema.settings import Settings, settings_or_exit
from workers.connection import connect
from workers.doctor.examination import examine
from workers.doctor.finding import About, Finding, State
from workers.doctor.temporal import pollers

app = typer.Typer()
console = Console(soft_wrap=False)

COLOURS = {State.GOOD: "green", State.OFF: "dim", State.DOUBT: "yellow", State.BAD: "bold red"}


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document instead of a table")] = False,
) -> None:
    """Check each configured part; ends with 1 when something is bad."""
    # Clients log what the findings say better.
    logging.disable(logging.CRITICAL)
    findings = _findings()
    is_well = all(finding.state is not State.BAD for finding in findings)
    if as_json:
        document = {"is_well": is_well, "findings": [asdict(finding) for finding in findings]}
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        console.print(_table(findings))
        console.print(_summary(findings))
    raise typer.Exit(0 if is_well else 1)


@app.command()
def polls(queue: Annotated[Queue, typer.Argument(help="a task queue")]) -> None:
    """Whether a worker on this machine polls the queue; the health check of its container."""
    if not asyncio.run(polls_here(settings_or_exit(), queue)):
        console.print(f"no worker on {socket.gethostname()} polls {queue}")
        raise typer.Exit(1)
    time.sleep(0.1)


async def polls_here(settings: Settings, queue: Queue) -> bool:
    """Whether a worker with this machine's name in its identity polls; False while Temporal does not answer."""
    try:
        working = await pollers(await connect(settings), queue)
    except (RuntimeError, RPCError):
        return False
    return any(identity.endswith(f"@{socket.gethostname()}") for identity in working)


def _findings() -> Sequence[Finding]:
    """Settings that cannot be read are findings too; then there is nothing else to look at."""
    try:
        settings = settings_or_exit()
    except SystemExit as refused:
        about = About("settings", "values")
        return [
            about.bad(line, "Mend it in the environment or in .env.") for line in str(refused).splitlines()
        ]
    return asyncio.run(examine(settings))


def _table(findings: Sequence[Finding]) -> Table:
    table = Table("Part", "What", "State", "What is so", title="ProctorWise, looked at")
    part = ""
    for finding in findings:
        colour = COLOURS[finding.state]
        said = escape(finding.said) + (
            f"\n[italic]{escape(finding.advice)}[/italic]" if finding.advice else ""
        )
        shown = finding.part if finding.part != part else ""
        table.add_row(shown, escape(finding.subject), f"[{colour}]{finding.state}[/{colour}]", said)
        part = finding.part
    return table


def _summary(findings: Sequence[Finding]) -> str:
    bad = sum(finding.state is State.BAD for finding in findings)
    doubtful = sum(finding.state is State.DOUBT for finding in findings)
    if bad:
        return f"[bold red]{bad} of {len(findings)} are bad[/bold red], {doubtful} doubtful."
    return f"[green]Nothing is bad[/green]; {doubtful} of {len(findings)} are doubtful."
