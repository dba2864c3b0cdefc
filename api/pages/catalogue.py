"""The texts of the screens: one file per area and language, and which language a reader gets."""

import json
from typing import Any

from api.pages.asset import Assets

Texts = dict[str, Any]


def texts_of(assets: Assets, language: str, areas: tuple[str, ...]) -> Texts:
    """The texts of these areas, `{"account": {"signIn": {…}}}`."""
    return {area: _area(assets, language, area) for area in areas}


def text_at(texts: Texts, key: str) -> str:
    """The text of a key such as `account.signIn.title`. Raises KeyError."""
    found: Any = texts
    for name in key.split("."):
        found = found[name]
    return str(found)


def _area(assets: Assets, language: str, area: str) -> Any:
    asset = assets.find(f"text/{language}/{area}.json")
    if asset is None:
        raise KeyError(f"there are no texts for {area} in {language}")
    return json.loads(asset.plain)
