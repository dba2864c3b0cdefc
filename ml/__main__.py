"""Commands around detection: `python -m ml evaluate [FOLDER]`."""

from pathlib import Path
from typing import Annotated

import typer

from ml.build import build_detectors
from ml.evaluation.material import BadMaterial, streams_in
from ml.evaluation.remembered import Notebook, remembering
from ml.evaluation.run import evaluated, table
from ml.evaluation.sample import sample_streams
from ml.model_store import ModelStore
from schema.incident import Preset
from schema.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def main() -> None:
    """Commands around detection."""


@app.command()
def evaluate(
    data: Annotated[
        Path | None, typer.Argument(help="A folder of clips or frames with a CSV of intervals.")
    ] = None,
    preset: Annotated[list[Preset] | None, typer.Option(help="Again for several; default all.")] = None,
    every: Annotated[int, typer.Option(help="Every n-th sample stream only, where there is no folder.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Where the report goes; default evaluation/ in VAR_DIR.")
    ] = None,
) -> None:
    """Precision, recall, false incidents an hour and cost, over DATA or the sample media."""
    settings = Settings()
    folder = settings.var_dir / "evaluation"
    notebook = Notebook(folder / "looks.sqlite")
    detectors = build_detectors(ModelStore(settings.models_dir, settings.sample_media_dir))
    models = " + ".join(str(card) for card in detectors.cards)
    try:
        streams = (
            streams_in(data)
            if data is not None
            else sample_streams(settings.sample_media_dir, remembering(detectors, notebook).faces, every)
        )
    except BadMaterial as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    found = evaluated(streams, {"product": detectors}, preset or list(Preset), notebook, typer.echo)
    typer.echo("\n".join(["", *table(found)]))
    typer.echo(f"\nReport with pictures: {found.write(out or folder, models)}")


if __name__ == "__main__":
    app()
