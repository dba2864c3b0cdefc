"""Measures a registered version on labelled pictures; the figures go onto its card."""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from activities.registry.registry import ModelRegistry
from ml.build import build_detectors
from ml.detector import Detectors, FaceDetector, ObjectDetector
from ml.evaluation import evaluate, labelled_images
from ml.second_look import look
from schema.failures import Failure, FailureType
from schema.incident import DetectionPolicy
from schema.registry.card import ModelType, RegistryCard
from schema.settings import Settings
from workers.registry.equipment import own_models
from workers.registry.loading import Detector, ModelLoader


async def measured(
    registry: ModelRegistry, settings: Settings, card: RegistryCard, data: Path | None
) -> RegistryCard:
    """The card with right, false and missed findings by subject. Raises INVALID where there are no labels."""
    folder = data or settings.sample_media_dir / "images"
    if not (folder / "labels.csv").is_file():
        said = f"{folder} has no labels.csv: name a folder of pictures whose labels.csv counts what they show"
        raise Failure(FailureType.INVALID, f"{said} (file, faces_visible, persons, phones)")
    own = own_models(settings)
    loader = ModelLoader(registry, own, settings.var_dir / "models", settings.detection_runtime)
    detector = await loader.load(card.model)
    usual = await asyncio.to_thread(build_detectors, own)
    tallies = await asyncio.to_thread(_tallies, _with(usual, card.model.type, detector), folder)
    figures: dict[str, JsonValue] = {
        **tallies,
        "data": folder.name,
        "measured_at": datetime.now(UTC).isoformat(),
    }
    origin = card.origin.model_copy(update={"metrics": {**card.origin.metrics, **figures}})
    after = card.model_copy(update={"origin": origin})
    await registry.note(after)
    return after


def _with(usual: Detectors, kind: ModelType, detector: Detector) -> Detectors:
    if kind is ModelType.FACES:
        return Detectors(cast(FaceDetector, detector), usual.objects)
    return Detectors(usual.faces, cast(ObjectDetector, detector))


def _tallies(detectors: Detectors, folder: Path) -> dict[str, JsonValue]:
    found = evaluate(detectors, look, DetectionPolicy(), labelled_images(folder))
    return {subject: asdict(tally) for subject, tally in found.items()}
