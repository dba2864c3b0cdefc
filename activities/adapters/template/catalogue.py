"""The catalogues of words, one per language, rendered for one person at a time."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from activities.adapters.template.phrase import Phrase
from activities.occasion import complete_facts
from schema.notice import Occasion

FOLDER = Path(__file__).parent
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom words are written."""

    name: str
    time_zone: str
    language: str


@dataclass(frozen=True, slots=True)
class Words:
    """What is said on one occasion; the rest may be escaped, `subject` and `address` (the whole link) never are."""

    tag: str
    subject: str
    heading: str
    greeting: str
    paragraphs: tuple[str, ...]
    button: str
    address: str
    link_hint: str
    closing: str
    footer: str


class Catalogue:
    """Renders facts into words; a fact that no default covers is an error (StrictUndefined), not a blank."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url.rstrip("/") + "/"

    def mail(self, template: str, facts: Mapping[str, str], reader: Reader, *, is_html: bool) -> Words:
        """The words of a mail, escaped where they go into HTML."""
        pages = language_file(reader.language)
        language, page = pages["language"], pages["occasion"][template]
        plain = self._sayer(template, facts, reader, is_html=False)
        say = self._sayer(template, facts, reader, is_html=is_html)
        paragraphs = tuple(said for text in page["paragraphs"] if (said := say(text).strip()))
        return Words(
            tag=language["tag"],
            subject=" ".join(plain(page["subject"]).split()),
            heading=say(page["heading"]),
            greeting=say(language["greeting"]),
            paragraphs=paragraphs,
            button=say(page["button"]),
            address=urljoin(self._public_url, plain(page["link"]).lstrip("/")),
            link_hint=say(language["link_hint"]),
            closing=say(language["closing"]),
            footer=say(language["footer"]),
        )

    def sentence(self, kind: str, facts: Mapping[str, str], reader: Reader) -> tuple[str, str]:
        """(text, link) of a notification on the screen; the link is a path of this site."""
        page = language_file(reader.language)["occasion"][kind]
        say = self._sayer(kind, facts, reader, is_html=False)
        return say(page["screen"]).strip(), say(page["link"])

    def _sayer(self, template: str, facts: Mapping[str, str], reader: Reader, *, is_html: bool) -> "_Sayer":
        known = complete_facts(Occasion(template), dict(facts))
        context = {**known, "name": reader.name, "public_url": self._public_url.rstrip("/")}
        pages = language_file(reader.language)
        phrase = Phrase(pages["language"], pages["words"], reader.time_zone)
        return _Sayer(environment(is_html=is_html), phrase, context)


class _Sayer:
    """Renders one text after another for the same reader and facts."""

    def __init__(self, jinja: Environment, phrase: Phrase, context: dict[str, str]) -> None:
        self._jinja = jinja.overlay()
        self._jinja.filters = {
            **jinja.filters, "when": phrase.when, "span": phrase.span, "word": phrase.word
        }  # fmt: skip
        self._context = context

    def __call__(self, text: str) -> str:
        said = self._jinja.from_string(text).render(self._context)
        return Markup(said) if self._jinja.autoescape else said  # noqa: S704 - rendered with autoescape


@cache
def environment(*, is_html: bool) -> Environment:
    """Strict about facts; escapes where the words go into HTML."""
    return Environment(undefined=StrictUndefined, autoescape=is_html)  # noqa: S701 - off for plain text only


@cache
def language_file(language: str) -> dict[str, Any]:
    """The catalogue of a language; of a region's language, its language; English where there is none."""
    for tag in (language.lower(), language.lower().split("-")[0], FALLBACK):
        path = FOLDER / f"{tag}.toml"
        if tag.replace("-", "").isalnum() and path.is_file():
            return tomllib.loads(path.read_text(encoding="utf-8"))
    raise FileNotFoundError(f"the catalogue {FALLBACK}.toml is missing beside {__name__}")
