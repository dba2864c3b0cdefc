"""Measures a registered version beside the promoted one; its figures go onto its card."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from activities.registry.registry import ModelRegistry
from ml.build import build_detectors
from ml.detector import Detectors, FaceDetector, ObjectDetector
from ml.evaluation.figure import Figure
from ml.evaluation.material import BadMaterial, Stream, streams_in
from ml.evaluation.remembered import Notebook, remembering
from ml.evaluation.run import Evaluation, evaluated
from ml.evaluation.sample import sample_streams
from schema.failures import Failure, FailureType
from schema.incident import Preset
from schema.registry.card import ModelType, RegistryCard
from schema.settings import Settings
from workers.registry.equipment import own_models
from workers.registry.loading import Detector, ModelLoader, detectors_of

PROMOTED = "promoted"


class Measurement:
    """One version and the material it is measured on: a folder as `make evaluate` takes it, or the sample media."""

    def __init__(self, registry: ModelRegistry, settings: Settings, data: Path | None, every: int) -> None:
        self._registry = registry
        self._settings = settings
        self._data = data
        self._every = every
        copies = settings.var_dir / "models"
        self._loader = ModelLoader(registry, own_models(settings), copies, settings.detection_runtime)

    async def of(
        self, card: RegistryCard, presets: Sequence[Preset], tell: Callable[[str], None]
    ) -> tuple[Evaluation, Path]:
        """The figures, written on the card, and where the report is. Raises INVALID for material that is none."""
        usual = await self._usual()
        detector = await self._loader.load(card.model)
        ways = {card.name: _with(usual, card.model.type, detector)}
        if card.model not in await self._registry.promoted():
            ways[PROMOTED] = usual
        found = await asyncio.to_thread(self._evaluated, ways, usual, list(presets), tell)
        metrics = {**card.origin.metrics, "evaluation": self._said(found, card.name)}
        origin = card.origin.model_copy(update={"metrics": metrics})
        await self._registry.note(card.model_copy(update={"origin": origin}))
        folder = self._settings.var_dir / "evaluation" / f"{card.model.type}-{card.model.version}"
        return found, found.write(folder, card.model.line)

    async def _usual(self) -> Detectors:
        promoted = await self._registry.promoted()
        if not promoted:
            return await asyncio.to_thread(build_detectors, own_models(self._settings))
        return detectors_of({one.type: await self._loader.load(one) for one in promoted})

    def _evaluated(
        self, ways: dict[str, Detectors], usual: Detectors, presets: list[Preset], tell: Callable[[str], None]
    ) -> Evaluation:
        notebook = Notebook(self._settings.var_dir / "evaluation" / "looks.sqlite")
        try:
            return evaluated(self._streams(remembering(usual, notebook)), ways, presets, notebook, tell)
        except BadMaterial as error:
            raise Failure(FailureType.INVALID, f"{error}") from error

    def _streams(self, usual: Detectors) -> list[Stream]:
        if self._data is not None:
            return streams_in(self._data)
        return sample_streams(self._settings.sample_media_dir, usual.faces, self._every)

    def _said(self, found: Evaluation, way: str) -> JsonValue:
        rows = [_row(figure) for figure in found.figures if figure.way == way and figure.by == "all"]
        material = "sample media" if self._data is None else self._data.name
        return {"material": material, "at": datetime.now(UTC).isoformat(), "figures": cast(JsonValue, rows)}


def _row(figure: Figure) -> dict[str, JsonValue]:
    names = ("preset", "kind", "found", "missed", "false", "recall", "precision", "false_an_hour")
    return {name: cast(JsonValue, getattr(figure, name)) for name in names}


def _with(usual: Detectors, kind: ModelType, detector: Detector) -> Detectors:
    if kind is ModelType.FACES:
        return Detectors(cast(FaceDetector, detector), usual.objects)
    return Detectors(usual.faces, cast(ObjectDetector, detector))
