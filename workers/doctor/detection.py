"""The models of detection: there, the ones we know, and whether objects are seen at all."""

import asyncio
import hashlib
from collections.abc import Sequence

from ml.model_store import FACE_SHA256, FaceModelMissing, ModelStore
from schema.settings import Settings
from schema.version import VERSION_FILE
from workers.doctor.finding import About, Finding

FACE = About("detection", "face model")
OBJECTS = About("detection", "objects")
VERSION = About("detection", "version")


async def check(settings: Settings) -> Sequence[Finding]:
    """Nothing is loaded, only looked at."""
    if settings.ml_processes == 0:
        said = "ML_PROCESSES=0: `make run` starts no detection here"
        return (About("detection", "ML_PROCESSES").off(said), *await asyncio.to_thread(_models, settings))
    return await asyncio.to_thread(_models, settings)


def _models(settings: Settings) -> Sequence[Finding]:
    store = ModelStore(settings.models_dir, settings.sample_media_dir)
    return (_face(store), _objects(store), _version(settings))


def _face(store: ModelStore) -> Finding:
    try:
        path = store.face_model()
    except FaceModelMissing as missing:
        return FACE.bad(f"{missing}", "Without it nobody is watched: run `make models`, or mend MODELS_DIR.")
    if hashlib.sha256(path.read_bytes()).hexdigest() != FACE_SHA256:
        return FACE.bad(f"{path} is not the one we know", "Delete it and run `make models`.")
    return FACE.good(f"{path}, hash checked")


def _objects(store: ModelStore) -> Finding:
    folder = store.yolo_folder()
    if folder is None:
        said = "OFF: no YOLO weights; phones, and persons whose face is not seen, go unnoticed"
        return OBJECTS.doubt(said, "See docs/detection.md for the weights.")
    return OBJECTS.good(f"on, by {folder}")


def _version(settings: Settings) -> Finding:
    file = settings.models_dir / VERSION_FILE
    if not file.is_file():
        said = f"no {file}: new attempts do not say by which models they were watched"
        return VERSION.doubt(said, "Run `make models`, which writes it.")
    return VERSION.good(file.read_text(encoding="utf-8").strip())
