"""Puts a refusal into the reader's language; the English sentence is the key, with {} for what was set into it.

A sentence without a translation stays English: whoever reads it loses nothing.
"""

import json
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
ENGLISH = "en"
LANGUAGES = (ENGLISH, "de")


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


def language_of(accepted: str) -> str:
    """The language of an Accept-Language header that refusals are known in."""
    return choose_language(None, accepted)


def said(text: str, language: str) -> str:
    """The sentence in that language, else as it is."""
    if language == ENGLISH:
        return text
    whole, patterns = _sentences(language)
    if text in whole:
        return whole[text]
    for pattern, translation in patterns:
        found = pattern.fullmatch(text)
        if found:
            return translation.format(*(said(part, language) for part in found.groups()))
    return text


@cache
def known(language: str) -> dict[str, str]:
    """Every translation by its English sentence."""
    found: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return found


@cache
def _sentences(language: str) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    found = known(language)
    patterns = [
        (re.compile("(.+?)".join(map(re.escape, english.split("{}")))), translation)
        for english, translation in found.items()
        if "{}" in english
    ]
    return {english: text for english, text in found.items() if "{}" not in english}, patterns
