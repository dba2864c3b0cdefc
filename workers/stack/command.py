"""`python -m workers stack …`: the native stack from a shell."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from workers.owner import AlreadyRunning
from workers.stack.airflow_command import become as become_airflow
from workers.stack.catalogue import ENGINES, chosen
from workers.stack.engine import Unprepared
from workers.stack.environment import as_shell, environment
from workers.stack.jar import Jars
from workers.stack.keeper import keep as keep_members
from workers.stack.settings import StackSettings
from workers.stack.stack import Health, NotReady, Stack

app = typer.Typer(
    no_args_is_help=True, help="The engines of the full platform on this machine, for tests and trials."
)
console = Console(highlight=False, soft_wrap=True)

Result = TypeVar("Result")

Engines = Annotated[list[str] | None, typer.Argument(help=f"of {', '.join(ENGINES)}; all when none is named")]
Name = Annotated[str, typer.Argument(help="a member, as `status` names it")]


@app.command()
def up(engines: Engines = None) -> None:
    """Install, start, and wait until everything answers."""
    _finish(Stack(StackSettings(), _say).up(engines or ()))
    status()


@app.command()
def down() -> None:
    """Stop everything; data stays."""
    ended = _finish(Stack(StackSettings(), _say).down())
    console.print("The stack is down." if ended else "No stack runs here.")


@app.command()
def status() -> None:
    """Each member: process, memory, whether it answers, how to reach it. Ends with 1 unless all answer."""
    members = _finish(Stack(StackSettings(), _say).health())
    if not members:
        console.print("No stack runs here.")
        raise typer.Exit(1)
    for member in members:
        console.print(_line(member), markup=False)
    if not all(member.is_ready for member in members):
        raise typer.Exit(1)


@app.command()
def env() -> None:
    """The product's settings for the running stack, for a shell: eval "$(python -m workers stack env)"."""
    settings = StackSettings()
    members = Stack(settings, _say).members
    if not members:
        typer.echo(f"no stack runs in {settings.var_dir}; start it with `make stack-up`", err=True)
        typer.echo("false")  # what `eval` then ends with: what follows it does not run
        raise typer.Exit(1)
    typer.echo(as_shell(environment(members, settings)))


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False
)
def airflow(context: typer.Context) -> None:
    """Airflow's own command line on the running stack: `stack airflow dags list`."""
    become_airflow(context.args)


@app.command()
def halt(name: Name) -> None:
    """Stop one member and keep it down: an outage."""
    _wish(Stack(StackSettings(), _say).halt, name)


@app.command()
def resume(name: Name) -> None:
    """Start a halted member again."""
    _wish(Stack(StackSettings(), _say).resume, name)


@app.command()
def jars(engine: Annotated[str, typer.Argument(help="kafka, hdfs or spark")]) -> None:
    """Fetch an engine's jars where they are not there yet, and print their folder."""
    found = Jars(engine, StackSettings())
    try:
        found.prepare(lambda text: typer.echo(text, err=True))
    except Unprepared as trouble:
        typer.echo(str(trouble), err=True)
        raise typer.Exit(1) from trouble
    typer.echo(found.folder)


@app.command()
def pin(engines: Annotated[list[str], typer.Argument(help="of kafka, hdfs, spark")]) -> None:
    """Fetch the jars that the POMs name, and write their hashes: after a change of version."""
    for engine in engines:
        console.print(f"wrote {Jars(engine, StackSettings()).pin(_say)}")


@app.command(hidden=True)
def keep(engines: Engines = None) -> None:
    """Be the keeper: what `up` leaves in the background."""
    settings = StackSettings()
    members = [member for engine in chosen(engines or (), settings) for member in engine.members()]
    _finish(keep_members(settings, members))


def _line(member: Health) -> str:
    state = "answers" if member.is_ready else "silent" if member.pid else "down"
    process = f"process {member.pid or '–'}, {member.restarts} restarts, {member.resident_mb} MB"
    return f"{member.name:<12} {state:<8} {process:<38} {member.address}"


def _finish(work: Coroutine[Any, Any, Result]) -> Result:
    try:
        return asyncio.run(work)
    except (AlreadyRunning, Unprepared, NotReady) as trouble:
        console.print(f"[red]{trouble}[/red]")
        raise typer.Exit(1) from trouble


def _wish(act: Callable[[str], None], name: str) -> None:
    try:
        act(name)
    except KeyError:
        console.print(f"[red]no member of a running stack is called {name}[/red]")
        raise typer.Exit(1) from None


def _say(text: str) -> None:
    console.print(text)
