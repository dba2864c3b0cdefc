"""From the registry to detectors in memory: by the node's own files where they are the same, else by a checked copy."""

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import cast
from uuid import uuid4

from activities.registry.registry import ModelRegistry
from ml.build import Runtime, load_faces, load_objects
from ml.detector import Detectors, FaceDetector, ObjectDetector
from ml.model_store import FaceModelMissing, ModelStore, ModelUnreadable, digest_of
from schema.failures import Failure, FailureType
from schema.registry.card import FrozenModel, ModelType

EXPORT = "_openvino"  # what the names of an export's files begin with, after the version's
FACE_END = ".tflite"

Detector = FaceDetector | ObjectDetector


class ModelLoader:
    """Finds a model by its hash; `copies` keeps what came out of the lake."""

    def __init__(self, registry: ModelRegistry, own: ModelStore, copies: Path, runtime: Runtime) -> None:
        self._registry = registry
        self._own = own
        self._copies = copies
        self.runtime = runtime

    async def load(self, model: FrozenModel) -> Detector:
        """The detector of this very version. Raises CONFLICT, in words, where no file with its hash can be had."""
        path = await asyncio.to_thread(self._here, model)
        if path is None:
            path = await self._fetched(model)
        try:
            return await asyncio.to_thread(loaded, model.type, path, self.runtime)
        except ModelUnreadable as error:
            said = f"the model {model.type} version {model.version} does not load: {error}"
            raise Failure(FailureType.CONFLICT, said) from error

    def _here(self, model: FrozenModel) -> Path | None:
        """Where this machine has the files of this hash already; anything damaged is passed over."""
        candidates = [own_path(self._own, model.type), self._copy(model)]
        return next((path for path in candidates if path and _digest(path) == model.sha256), None)

    async def _fetched(self, model: FrozenModel) -> Path:
        try:
            files = await self._registry.files(model)
        except Failure as failure:
            raise Failure(FailureType.CONFLICT, failure.message) from failure
        copy = self._copy(model)
        await asyncio.to_thread(_unpack, files, copy)
        return copy

    def _copy(self, model: FrozenModel) -> Path:
        name = f"model{FACE_END}" if model.type is ModelType.FACES else "export"
        return self._copies / model.type / model.sha256 / name


def loaded(kind: ModelType, path: Path, runtime: Runtime = "openvino") -> Detector:
    """The detector in these files. Raises ModelUnreadable."""
    return load_faces(path, runtime) if kind is ModelType.FACES else load_objects(path, runtime)


def detectors_of(found: Mapping[ModelType, Detector]) -> Detectors:
    """The pair of one attempt; without a model of things object detection is off."""
    faces = cast(FaceDetector, found[ModelType.FACES])
    return Detectors(faces, cast("ObjectDetector | None", found.get(ModelType.OBJECTS)))


def packed(kind: ModelType, path: Path, weights: Path | None = None) -> Mapping[str, bytes]:
    """The files of a model as the registry names them; `weights` are what the export was made from (.pt)."""
    if kind is ModelType.FACES:
        return {FACE_END: path.read_bytes()}
    export = {f"{EXPORT}/{file.name}": file.read_bytes() for file in sorted(path.iterdir()) if file.is_file()}
    return export if weights is None else {".pt": weights.read_bytes(), **export}


def own_path(store: ModelStore, kind: ModelType) -> Path | None:
    """Where the node's own model of a type lies: what `make models` has put in place."""
    if kind is ModelType.OBJECTS:
        return store.yolo_folder()
    try:
        return store.face_model() if kind is ModelType.FACES else None
    except FaceModelMissing:
        return None


def _digest(path: Path) -> str:
    try:
        return digest_of(path)
    except (ModelUnreadable, OSError):
        return ""


def _unpack(files: Mapping[str, bytes], target: Path) -> None:
    """Put the files the runtime loads in place, whole or not at all; several processes may do it at once."""
    partial = target.with_name(f"partial-{uuid4().hex}")
    target.parent.mkdir(parents=True, exist_ok=True)
    if FACE_END in files:
        partial.write_bytes(files[FACE_END])
        partial.replace(target)
        return
    partial.mkdir()
    for name, data in files.items():
        if name.startswith(f"{EXPORT}/"):
            (partial / Path(name).name).write_bytes(data)
    shutil.rmtree(target, ignore_errors=True)
    try:
        partial.rename(target)
    except OSError:  # another process was first, with the same files
        shutil.rmtree(partial, ignore_errors=True)
