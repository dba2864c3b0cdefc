"""A data set in Ultralytics' format, looked through before hours are spent on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from schema.detection import Thing

PICTURES = {".jpg", ".jpeg", ".png", ".bmp", ".webp"}
NUMBERS = 5  # of a label: class, centre x and y, width, height
KNOWN = ", ".join(thing.value for thing in Thing)


class BadDataset(ValueError):
    """Names the file and the field that is wrong, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What can be trained on; `pictures` by part (train, val)."""

    file: Path
    names: Mapping[int, str]
    pictures: Mapping[str, int]


def dataset_in(folder: Path) -> Dataset:
    """The data set of this folder's data.yaml. Raises BadDataset."""
    file = folder / "data.yaml" if folder.is_dir() else folder
    said = _read(file)
    names = _names(file, said.get("names"))
    counts = {part: _pictures(file, said, part, len(names)) for part in ("train", "val")}
    return Dataset(file, names, counts)


def _read(file: Path) -> Mapping[str, Any]:
    if not file.is_file():
        raise BadDataset(
            f"there is no {file}: name a folder that holds a data.yaml with train, val and names"
        )
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadDataset(f"{file} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(said, dict):
        raise BadDataset(f"{file} must hold the fields train, val and names")
    return said


def _names(file: Path, names: object) -> Mapping[int, str]:
    if isinstance(names, list):
        names = dict(enumerate(names))
    if not isinstance(names, dict) or sorted(names) != list(range(len(names))) or not names:
        raise BadDataset(f"{file}: `names` must number the classes from 0, such as 0: cell phone")
    if not {str(name) for name in names.values()} & set(Thing):
        raise BadDataset(f"{file}: `names` has nothing that a rule asks for; use at least one of: {KNOWN}")
    return {number: str(name) for number, name in names.items()}


def _pictures(file: Path, said: Mapping[str, Any], part: str, classes: int) -> int:
    place = said.get(part)
    if not isinstance(place, str):
        raise BadDataset(f"{file}: `{part}` must name a folder of pictures, such as images/{part}")
    folder = file.parent / str(said.get("path") or "") / place
    found = [path for path in sorted(folder.glob("*")) if path.suffix.lower() in PICTURES]
    if not found:
        raise BadDataset(f"{file}: `{part}` names {folder}, where there are no pictures")
    labels = [_label_file(path) for path in found]
    if not any(label.is_file() for label in labels):
        where = labels[0].parent
        raise BadDataset(f"{file}: `{part}` has pictures and no labels: put a .txt for each into {where}")
    for label in labels:
        for number, line in _lines(label):
            _check(label, number, line, classes)
    return len(found)


def _label_file(picture: Path) -> Path:
    """Where Ultralytics looks for it: the last folder `images` of the path becomes `labels`."""
    parts = list(picture.parts)
    places = [place for place, part in enumerate(parts) if part == "images"]
    if places:
        parts[places[-1]] = "labels"
    return Path(*parts).with_suffix(".txt")


def _lines(label: Path) -> Iterator[tuple[int, str]]:
    if label.is_file():
        text = label.read_text(encoding="utf-8", errors="replace")
        yield from ((number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip())


def _check(label: Path, number: int, line: str, classes: int) -> None:
    words = line.split()
    try:
        kind, sides = int(words[0]), [float(word) for word in words[1:]]
    except ValueError as error:
        raise BadDataset(f"{label}, line {number}: {line!r} is not made of numbers") from error
    if not 0 <= kind < classes:
        raise BadDataset(f"{label}, line {number}: there is no class {kind}; `names` has 0 to {classes - 1}")
    if len(words) != NUMBERS or not all(0 <= side <= 1 for side in sides):
        what = "write class, centre x, centre y, width and height, the four as fractions of 0 to 1"
        raise BadDataset(f"{label}, line {number}: {line!r} is no box: {what}")
