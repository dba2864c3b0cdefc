"""The command line: `python -m workers run`, `work`, `migrate`."""

import asyncio
import logging
import sys
import time
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from schema.db.migrate import migrate as migrate_all
from schema.queue import Queue
from schema.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()


@app.command()
def run() -> None:
    """Start everything on this machine and keep it alive until Ctrl-C."""
    from workers.supervisor import AlreadyRunning, supervise

    try:
        asyncio.run(supervise(_settings(), console))
    except (AlreadyRunning, FileNotFoundError, TimeoutError) as trouble:
        console.print(f"[red]{trouble}[/red]")
        raise typer.Exit(1) from trouble


@app.command()
def work(queues: Annotated[list[Queue], typer.Argument(help="task queues to serve")]) -> None:
    """Serve task queues until SIGTERM."""
    from workers.process import serve

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(serve(_settings(), tuple(queues)))
    # A process that exits with a cancelled poll still in flight may crash; let it land.
    time.sleep(0.3)


@app.command()
def migrate() -> None:
    """Bring the databases to the newest schema."""
    migrate_all(_settings().database_url_of)
    console.print("The databases are at the newest schema.")


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"]).upper() or "settings"
            console.print(f"[red]{name}: {problem['msg']}[/red]")
        sys.exit(2)


if __name__ == "__main__":
    app()
