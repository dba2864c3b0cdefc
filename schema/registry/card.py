"""What is known of one version of a model: its files by hash, where it comes from, and how well it does."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from schema.incident import Preset
from schema.model import Message


class ModelType(StrEnum):
    """What a model finds; also the name of its folder."""

    OBJECTS = "objects"
    FACES = "faces"
    IDENTITY = "identity"


class ModelFile(Message):
    """One file of a version; `name` is relative to the version's own name, `_openvino/best.xml` say."""

    name: str
    size: int
    sha256: str


class FrozenModel(Message):
    """A version that an attempt is watched with. `sha256` is over the files the runtime loads, `line` is for people."""

    type: ModelType
    version: int
    sha256: str
    line: str


Score = Annotated[float, Field(ge=0, le=1)]
# By preset: from which scores what this model finds counts. What is not named is the preset's own.
Thresholds = dict[Preset, dict[Literal["face_score", "person_score", "object_score"], Score]]


class Origin(Message):
    """Where a model comes from: what its card says beside what can be computed."""

    source: Annotated[str, Field(min_length=1)]
    licence: Annotated[str, Field(min_length=1)]
    created_by: Annotated[str, Field(min_length=1)]
    thresholds: Thresholds = {}
    metrics: dict[str, JsonValue] = {}


class RegistryCard(Message):
    """A version of a model. It exists from when its card is written, which comes after its files."""

    model: FrozenModel
    files: tuple[ModelFile, ...]
    origin: Origin
    created_at: datetime

    @property
    def name(self) -> str:
        """Type and version, as people say it."""
        return f"{self.model.type} version {self.model.version}"
