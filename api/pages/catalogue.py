"""The texts of the screens: one file per area and language, and which language a reader gets."""

import json
from typing import Any

from api.pages.asset import Assets

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de")

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


def choose_language(chosen: str | None, accepted: str) -> str:
    """What the reader chose here, else the first of the browser's languages that we speak, else English.

    `accepted` is an Accept-Language header (RFC 9110, section 12.5.4); browsers send it in the order of preference.
    """
    if chosen in LANGUAGES:
        return chosen
    for offer in accepted.split(","):
        language = offer.partition(";")[0].strip().partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return ENGLISH


def _area(assets: Assets, language: str, area: str) -> Any:
    asset = assets.find(f"text/{language}/{area}.json")
    if asset is None:
        raise KeyError(f"there are no texts for {area} in {language}")
    return json.loads(asset.plain)
