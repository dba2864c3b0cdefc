"""The command line: `python -m workers run`, `work`, `migrate`, `doctor`, `stack`, and the duties of each day."""

import asyncio
import logging
import time
from typing import Annotated

import typer
from rich.console import Console

from schema.db.migrate import databases_or_exit
from schema.db.migrate import migrate as migrate_all
from schema.db.trouble import DatabaseTrouble
from schema.queue import Queue
from schema.settings import settings_or_exit
from workers.compact import app as compact_app
from workers.doctor.command import app as doctor_app
from workers.duty import app as duty_app
from workers.journal import app as journal_app
from workers.rebuild import app as rebuild_app
from workers.registry.command import app as models_app
from workers.repair import app as repair_app
from workers.restore.command import app as restore_app
from workers.stack.command import app as stack_app

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(stack_app, name="stack")
app.add_typer(doctor_app)
app.add_typer(duty_app)
app.add_typer(compact_app)
app.add_typer(journal_app)
app.add_typer(repair_app)
app.add_typer(rebuild_app)
app.add_typer(models_app, name="models")
app.add_typer(restore_app)
console = Console()


@app.command()
def run() -> None:
    """Start everything on this machine and keep it alive until Ctrl-C."""
    from workers.owner import AlreadyRunning
    from workers.port import PortTaken
    from workers.start import StartFailed
    from workers.supervisor import supervise

    try:
        asyncio.run(supervise(settings_or_exit(), console))
    except (AlreadyRunning, PortTaken, StartFailed, FileNotFoundError, DatabaseTrouble) as trouble:
        console.print(f"[red]{trouble}[/red]")
        raise typer.Exit(1) from trouble


@app.command()
def work(queues: Annotated[list[Queue], typer.Argument(help="task queues to serve")]) -> None:
    """Serve task queues until SIGTERM."""
    from workers.process import serve

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = settings_or_exit()
    databases_or_exit(settings.database_url_of)
    asyncio.run(serve(settings, tuple(queues)))
    # A process that exits with a cancelled poll still in flight may crash; let it land.
    time.sleep(0.3)


@app.command()
def migrate() -> None:
    """Bring the databases to the newest schema."""
    try:
        migrate_all(settings_or_exit().database_url_of)
    except DatabaseTrouble as trouble:
        raise SystemExit(str(trouble)) from trouble
    console.print("The databases are at the newest schema.")


if __name__ == "__main__":
    app()
