"""Where the registry lies in the lake: `ml/models/{type}/model_v{version}…`."""

import re

from schema.registry.card import ModelType

_CARD = re.compile(r"ml/models/[a-z]+/model_v([1-9]\d*)\.json")


def type_folder(kind: ModelType) -> str:
    """The folder of all versions of a type."""
    return f"ml/models/{kind}"


def version_name(kind: ModelType, version: int) -> str:
    """What the names of all files of a version begin with."""
    return f"{type_folder(kind)}/model_v{version}"


def card_name(kind: ModelType, version: int) -> str:
    """The card of a version."""
    return f"{version_name(kind, version)}.json"


def promotions_name(kind: ModelType) -> str:
    """Which versions new attempts were watched with, in order."""
    return f"{type_folder(kind)}/promotions.json"


def version_of(name: str) -> int | None:
    """The version whose card has this name; None for any other object."""
    found = _CARD.fullmatch(name)
    return int(found[1]) if found else None
