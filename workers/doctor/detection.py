"""The models of detection: there, the ones we know, and whether objects are seen at all."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import timedelta
from importlib.util import find_spec

from activities.adapters.store import open_store
from activities.registry.registry import ModelRegistry
from ml.model_store import FACE_SHA256, FaceModelMissing, ModelStore, ModelUnreadable, digest_of
from schema.failures import Failure
from schema.settings import Settings
from schema.version import VERSION_FILE
from workers.doctor.finding import About, Finding

FACE = About("detection", "face model")
OBJECTS = About("detection", "objects")
VERSION = About("detection", "version")
IDENTITY = About("detection", "identity")
REGISTRY = About("detection", "registry")
PATIENCE = timedelta(seconds=6)
NOT_YET = "empty: the first worker of detection registers its models"
MENDS = "See `python -m workers models list`; promote another version, or add this one again."


async def check(settings: Settings) -> Sequence[Finding]:
    """Nothing is loaded, only looked at."""
    if settings.ml_processes == 0:
        said = "ML_PROCESSES=0: `make run` starts no detection here"
        return (About("detection", "ML_PROCESSES").off(said), *await _looked_at(settings))
    return await _looked_at(settings)


async def _looked_at(settings: Settings) -> Sequence[Finding]:
    return (*await asyncio.to_thread(_models, settings), *await _registered(settings))


async def _registered(settings: Settings) -> Sequence[Finding]:
    """Each version in the lake that attempts may be frozen to, by its hashes."""
    if settings.use_local_storage and not settings.lake_dir.exists():
        return (REGISTRY.off(NOT_YET),)
    try:
        registry = ModelRegistry(open_store(settings, PATIENCE))
        troubles, promoted = await registry.troubles(), await registry.promoted()
    except Failure as failure:
        return (REGISTRY.bad(f"the registry of models cannot be read: {failure.message}", MENDS),)
    if troubles:
        return tuple(REGISTRY.bad(trouble, MENDS) for trouble in troubles)
    names = ", ".join(f"{one.type} version {one.version}" for one in promoted)
    return (
        (REGISTRY.good(f"new attempts are watched with {names}, hashes checked"),)
        if names
        else (REGISTRY.off(NOT_YET),)
    )


def _models(settings: Settings) -> Sequence[Finding]:
    store = ModelStore(settings.models_dir, settings.sample_media_dir)
    return (_face(store), _objects(store, settings), _version(settings), _identity())


def _identity() -> Finding:
    if find_spec("dlib") is None or find_spec("face_recognition_models") is None:
        said = "off: what compares faces is not installed here; exams that ask for it are watched without"
        return IDENTITY.off(said, "Where exams ask for it: `make identity` on the workers of detection.")
    return IDENTITY.good("faces can be compared with identity photos, where an exam asks for it")


def _face(store: ModelStore) -> Finding:
    try:
        path = store.face_model()
    except FaceModelMissing as missing:
        return FACE.bad(f"{missing}", "Without it nobody is watched: run `make models`, or mend MODELS_DIR.")
    if hashlib.sha256(path.read_bytes()).hexdigest() != FACE_SHA256:
        return FACE.bad(f"{path} is not the one we know", "Delete it and run `make models`.")
    return FACE.good(f"{path}, hash checked")


def _objects(store: ModelStore, settings: Settings) -> Finding:
    folder = store.yolo_folder()
    if folder is None:
        said = "OFF: no YOLO weights; phones, and persons whose face is not seen, go unnoticed"
        return OBJECTS.doubt(said, "See docs/detection.md for the weights.")
    try:
        digest = digest_of(folder)
    except ModelUnreadable as error:
        return OBJECTS.bad(f"{error}", "Put the export back, or delete the folder and run `make models`.")
    file = settings.models_dir / VERSION_FILE
    if file.is_file() and "yolo" in (noted := file.read_text(encoding="utf-8")) and digest[:12] not in noted:
        said = f"the files in {folder} are not those that `make models` noted in {file}"
        return OBJECTS.bad(said, "Put the export back; if it was replaced on purpose, run `make models`.")
    return OBJECTS.good(f"on, by {folder}")


def _version(settings: Settings) -> Finding:
    file = settings.models_dir / VERSION_FILE
    if not file.is_file():
        said = f"no {file}: new attempts do not say by which models they were watched"
        return VERSION.doubt(said, "Run `make models`, which writes it.")
    return VERSION.good(file.read_text(encoding="utf-8").strip())
