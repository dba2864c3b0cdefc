"""`python -m workers models …`: fetch, add, list, evaluate, promote and roll back the models of detection."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from activities.adapters.store import open_store
from activities.registry.registry import ModelRegistry
from ml.model_store import FaceModelMissing
from schema.failures import Failure
from schema.incident import Preset
from schema.registry.card import ModelType, Origin, RegistryCard
from schema.registry.promotion import Promotion
from schema.settings import Settings, settings_or_exit
from workers.registry.equipment import own_models
from workers.registry.fact import metrics_of, thresholds_of

# What loads models is imported by the commands that do: no other image has OpenVINO and OpenCV.
T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, help="The registry of models in the lake.")
console = Console(highlight=False, soft_wrap=True)

Kind = Annotated[ModelType, typer.Argument(help="what the model finds")]
Version = Annotated[int, typer.Argument(min=1, help="its version, as `list` shows it")]
By = Annotated[str, typer.Option(help="who does it")]
Reason = Annotated[str, typer.Option(help="why; kept with the promotion")]


@app.command()
def fetch() -> None:
    """Register what `make models` has put in place; promoted where its type has no promoted version yet."""
    from workers.registry.default import register_own

    async def register(registry: ModelRegistry, settings: Settings) -> None:
        try:
            own_models(settings).face_model()
        except FaceModelMissing as missing:
            console.print(f"[red]{escape(str(missing))}[/red]")
            raise typer.Exit(1) from missing
        for card in await register_own(registry, own_models(settings), datetime.now(UTC)):
            console.print(f"{card.name}: {card.model.line}")

    _with_registry(register)


@app.command()
def add(
    kind: Kind,
    path: Annotated[
        Path, typer.Argument(exists=True, help="an OpenVINO export folder, or a .tflite for faces")
    ],
    source: Annotated[str, typer.Option(help="where it comes from: a dataset, an address, a training run")],
    licence: Annotated[str, typer.Option(help="under which licence it may be used")],
    weights: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="the .pt it was made from")
    ] = None,
    metrics: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="a JSON object")] = None,
    thresholds: Annotated[
        list[str] | None,
        typer.Option(help="PRESET.SCORE=VALUE, moderate.object_score=0.35 say; may be repeated"),
    ] = None,
    by: By = "",
) -> None:
    """Add the next version, once it has proved that it loads. New attempts use it when it is promoted."""
    from workers.registry.default import add_model

    async def write(registry: ModelRegistry, _settings: Settings) -> None:
        origin = Origin(
            source=source,
            licence=licence,
            created_by=by or getpass.getuser(),
            metrics=metrics_of(metrics),
            thresholds=thresholds_of(thresholds or []),
        )
        card = await add_model(registry, kind, path, origin, weights)
        console.print(f"{card.name}: {card.model.line}")
        console.print(
            f"New attempts use it after `python -m workers models promote {kind} {card.model.version}`."
        )

    _with_registry(write)


@app.command("list")
def show() -> None:
    """Every version with its licence, its state and whether new attempts are watched with it."""

    async def look(registry: ModelRegistry, _settings: Settings) -> None:
        table = Table(
            "Model", "Version", "New attempts", "State", "Source", "Licence", "What", title="Models"
        )
        for kind in ModelType:
            current = (await registry.promotions(kind)).current
            for card in await registry.cards(kind):
                state = "; ".join(await registry.damages(card))
                said = f"[red]{escape(state)}[/red]" if state else "whole"
                mark = "yes" if card.model == current else ""
                about = (card.origin.source, card.origin.licence, card.model.line)
                table.add_row(kind, str(card.model.version), mark, said, *map(escape, about))
        console.print(
            table if table.row_count else "Nothing is registered: run `python -m workers models fetch`."
        )

    _with_registry(look)


@app.command()
def evaluate(
    kind: Kind,
    version: Version,
    data: Annotated[Path | None, typer.Option(file_okay=False, help="as for `make evaluate`")] = None,
    preset: Annotated[list[Preset] | None, typer.Option(help="again for several; default moderate")] = None,
    every: Annotated[int, typer.Option(min=1, help="every n-th sample stream, where there is no folder")] = 1,
) -> None:
    """Measure a version beside the promoted one, and write its figures on its card."""
    from ml.evaluation.run import table
    from workers.registry.measure import Measurement

    async def measure(registry: ModelRegistry, settings: Settings) -> None:
        card = await registry.card(kind, version)
        measurement = Measurement(registry, settings, data, every)
        found, report = await measurement.of(card, preset or [Preset.MODERATE], typer.echo)
        typer.echo("\n".join(["", *table(found), "", f"Report with pictures: {report}"]))

    _with_registry(measure)


@app.command()
def train(
    data: Annotated[Path, typer.Argument(help="a folder with a data.yaml in Ultralytics' format")],
    base: Annotated[str, typer.Option(help="weights to go on from; default: the promoted version's")] = "",
    epochs: Annotated[int, typer.Option(min=1)] = 50,
    side: Annotated[int, typer.Option(min=32, help="of the pictures, in pixels")] = 640,
    licence: Annotated[str, typer.Option(help="of the weights that come of it")] = "AGPL-3.0",
    by: By = "",
    python: Annotated[Path, typer.Option(help="where Ultralytics is")] = Path(".venv-reference/bin/python"),
) -> None:
    """Fine-tune on a data set, export to OpenVINO int8, measure that, and add it as the next version."""
    from workers.registry.training import Training, TrainingPlan

    async def work(registry: ModelRegistry, _settings: Settings) -> None:
        plan = TrainingPlan(data, base, epochs, side, licence, by or getpass.getuser(), python)
        card = await Training(registry, plan, typer.echo).run()
        console.print(f"{card.name}: {card.model.line}, {card.origin.metrics}")
        console.print(
            f"New attempts use it after `python -m workers models promote objects {card.model.version}`."
        )

    _with_registry(work)


@app.command()
def promote(kind: Kind, version: Version, reason: Reason = "", by: By = "") -> None:
    """Watch new attempts with this version. Attempts that are reserved or running keep theirs."""

    async def make(registry: ModelRegistry, _settings: Settings) -> None:
        await _promote(registry, await registry.card(kind, version), reason, by)

    _with_registry(make)


@app.command()
def rollback(kind: Kind, reason: Reason = "", by: By = "") -> None:
    """Watch new attempts with the version before. Attempts that are reserved or running keep theirs."""

    async def go_back(registry: ModelRegistry, _settings: Settings) -> None:
        before = (await registry.promotions(kind)).previous
        if before is None:
            console.print(
                f"[red]no version of {kind} was promoted before the present one: there is nothing to go back to[/red]"
            )
            raise typer.Exit(1)
        await _promote(registry, await registry.card(kind, before.version), reason, by, is_rollback=True)

    _with_registry(go_back)


async def _promote(
    registry: ModelRegistry, card: RegistryCard, reason: str, by: str, *, is_rollback: bool = False
) -> None:
    who = by or getpass.getuser()
    at = datetime.now(UTC)
    await registry.promote(Promotion(model=card.model, at=at, by=who, reason=reason, is_rollback=is_rollback))
    console.print(f"New attempts are watched with {card.name}: {card.model.line}")
    console.print("Attempts that are reserved or running keep the version they were reserved with.")


def _with_registry(work: Callable[[ModelRegistry, Settings], Awaitable[T]]) -> T:
    async def run() -> T:
        settings = settings_or_exit()
        return await work(ModelRegistry(open_store(settings)), settings)

    try:
        return asyncio.run(run())
    except Failure as failure:
        console.print(f"[red]{escape(failure.message)}[/red]")
        raise typer.Exit(1) from failure
