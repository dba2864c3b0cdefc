"""What a person says of a model on the command line: its metrics from a file, its thresholds as words."""

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import JsonValue, TypeAdapter, ValidationError

from schema.failures import Failure, FailureType
from schema.incident import Preset
from schema.registry.card import Thresholds

_THRESHOLDS: TypeAdapter[Thresholds] = TypeAdapter(Thresholds)
_SCORES = "face_score, person_score, object_score"


def metrics_of(file: Path | None) -> dict[str, JsonValue]:
    """The JSON object in this file. Raises INVALID."""
    if file is None:
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Failure(FailureType.INVALID, f"{file} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise Failure(FailureType.INVALID, f'{file} must hold one JSON object, such as {{"recall": 0.4}}')
    return found


def thresholds_of(words: Iterable[str]) -> Thresholds:
    """`moderate.object_score=0.35` and the like. Raises INVALID, naming the one that is not understood."""
    found: dict[str, dict[str, str]] = {}
    for word in words:
        place, _, value = word.partition("=")
        preset, _, name = place.partition(".")
        try:
            _THRESHOLDS.validate_python({preset: {name: value}})
        except ValidationError as error:
            said = f"{word!r} is no threshold: write PRESET.SCORE=VALUE with a preset of {', '.join(Preset)}"
            raise Failure(FailureType.INVALID, f"{said}, one of {_SCORES}, and 0 to 1") from error
        found.setdefault(preset, {})[name] = value
    return _THRESHOLDS.validate_python(found)
