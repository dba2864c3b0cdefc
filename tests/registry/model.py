"""Models for tests of the registry: versions that are only bytes, and real exports that differ in one weight."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from activities.registry.registry import ModelRegistry
from schema.registry.card import FrozenModel, ModelType, Origin, RegistryCard
from schema.registry.promotion import Promotion

AT = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
ORIGIN = Origin(source="a test", licence="CC0-1.0", created_by="tests")


async def added(registry: ModelRegistry, data: bytes, kind: ModelType = ModelType.OBJECTS) -> RegistryCard:
    """A version that no runtime could load."""
    files = {".pt": b"weights " + data, "_openvino/m.xml": b"<net/>", "_openvino/m.bin": data}
    digest = data.hex().ljust(64, "0")
    return await registry.add(kind, files, (digest, f"model {data.decode()}"), ORIGIN, AT)


def promotion(model: FrozenModel, *, is_rollback: bool = False) -> Promotion:
    """Made by nobody in particular."""
    return Promotion(model=model, at=AT, by="tests", is_rollback=is_rollback)


def nudged(export: Path, target: Path, at: int) -> Path:
    """A copy of an export folder whose last but `at` weight byte differs: it loads, and has another hash."""
    shutil.copytree(export, target)
    (weights,) = target.glob("*.bin")
    data = bytearray(weights.read_bytes())
    data[-at] ^= 1
    weights.write_bytes(data)
    return target
