"""Brings a text of one of GIFT's formats to Markdown with HTML, the one markup our questions have."""

import re
from enum import StrEnum

from schema.gift.span import Span

_MARKER = re.compile(r"\[(html|markdown|plain|moodle)\]\s*", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# What Markdown would take as a mark: anywhere, at the edge of a word, or at the start of a line.
_ACTIVE = re.compile(
    r"(?P<tag></?[A-Za-z][^<>]*>)|(?P<mark>[\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])|^[#>+=|~:-])"
    r"|^(?P<number>\d{1,9})(?P<dot>[.)])",
    re.MULTILINE,
)
_HTML = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})
_LOOSE_BREAK = re.compile(r"(?<!>)\n(?!<)")


class Markup(StrEnum):
    """How a text is meant; Moodle's own format is HTML in which line breaks count, and the default."""

    HTML = "html"
    MARKDOWN = "markdown"
    PLAIN = "plain"
    MOODLE = "moodle"


def marked(span: Span, default: Markup = Markup.MOODLE) -> tuple[Markup, Span]:
    """The format that a leading `[marker]` names, and what follows it."""
    span = span.strip()
    found = _MARKER.match(span.raw)
    if found is None:
        return default, span
    return Markup(found[1].lower()), span.after(span.start + found.end())


def to_markdown(text: str, markup: Markup) -> str:
    """Shows as the text showed in its own format; characters that Markdown would take as marks are escaped."""
    if markup is Markup.MARKDOWN:
        return text.strip()
    lines = [stripped for line in text.split("\n") if (stripped := line.strip())]
    text = "\n".join(lines)
    if markup is Markup.HTML or (markup is Markup.MOODLE and _TAG.search(text)):
        return _html(text, markup)
    if markup is Markup.PLAIN:
        lines = [line.translate(_HTML) for line in lines]
    return "\\\n".join(_ACTIVE.sub(_with_backslash, line) for line in lines)


def blank(markup: Markup) -> str:
    """The gap of a missing word, as it is written in that format."""
    return r"\_\_\_\_\_" if markup is Markup.MARKDOWN else "_____"


def _html(text: str, markup: Markup) -> str:
    """Entities instead of backslashes, since Markdown leaves the inside of HTML blocks alone."""
    text = _ACTIVE.sub(_with_entity, text)
    return _LOOSE_BREAK.sub("<br>\n", text) if markup is Markup.MOODLE else text


def _with_backslash(found: re.Match[str]) -> str:
    if found["number"]:
        return f"{found['number']}\\{found['dot']}"
    return f"\\{found['mark']}" if found["mark"] else found[0]


def _with_entity(found: re.Match[str]) -> str:
    if found["number"]:
        return f"{found['number']}&#{ord(found['dot'])};"
    return f"&#{ord(found['mark'])};" if found["mark"] else found[0]
