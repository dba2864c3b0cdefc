"""The models a node brings along become the registry's first versions."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from activities.registry.registry import ModelRegistry
from ml.model_store import FACE_SHA256, ModelStore, ModelUnreadable, digest_of
from schema.failures import Failure, FailureType
from schema.registry.card import ModelType, Origin, RegistryCard
from schema.registry.promotion import Promotion
from workers.registry.loading import loaded, own_path, packed

BY = "ProctorWise"
SOURCES = {
    ModelType.OBJECTS: ("Ultralytics YOLO11n, its OpenVINO int8 export", "AGPL-3.0"),
    ModelType.FACES: ("face_detection_full_range_sparse.tflite in the wheel mediapipe 0.10.21", "Apache-2.0"),
}


async def register_own(registry: ModelRegistry, store: ModelStore, now: datetime) -> Sequence[RegistryCard]:
    """Register the node's own models, and promote each whose type has no promoted version yet.

    Done again, it changes nothing. Faces come last: before theirs is promoted, the registry has nothing for new
    attempts. Raises INVALID for files that are not what they must be.
    """
    cards = []
    for kind in (ModelType.OBJECTS, ModelType.FACES):
        path = own_path(store, kind)
        if path is not None:
            cards.append(await _register(registry, kind, path, now))
    return cards


async def add_model(
    registry: ModelRegistry, kind: ModelType, path: Path, origin: Origin, weights: Path | None = None
) -> RegistryCard:
    """Add the next version, once it has proved that it loads. Raises INVALID where it does not."""
    try:
        detector = await asyncio.to_thread(loaded, kind, path)
    except ModelUnreadable as error:
        raise Failure(FailureType.INVALID, f"{error}") from error
    files = await asyncio.to_thread(packed, kind, path, weights)
    said = detector.card.sha256, str(detector.card)
    return await registry.add(kind, files, said, origin, datetime.now(UTC))


async def _register(registry: ModelRegistry, kind: ModelType, path: Path, now: datetime) -> RegistryCard:
    digest = await asyncio.to_thread(_checked_digest, kind, path)
    card = next((card for card in await registry.cards(kind) if card.model.sha256 == digest), None)
    if card is None or await registry.damages(card):
        source, licence = SOURCES[kind]
        origin = Origin(source=source, licence=licence, created_by=BY)
        card = await add_model(registry, kind, path, origin)
    if (await registry.promotions(kind)).current is None:
        reason = "the first one: what this node brought along"
        await registry.promote(Promotion(model=card.model, at=now, by=BY, reason=reason))
    return card


def _checked_digest(kind: ModelType, path: Path) -> str:
    try:
        digest = digest_of(path)
    except ModelUnreadable as error:
        raise Failure(FailureType.INVALID, f"{error}") from error
    if kind is ModelType.FACES and digest != FACE_SHA256:
        said = (
            f"{path} is damaged: its SHA-256 is not that of the face model; delete it and run `make models`"
        )
        raise Failure(FailureType.INVALID, said)
    return digest
