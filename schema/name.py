"""Names and lines that people type: normalised, and without what hides, turns the line, or leads elsewhere.

A name is shown in mails, lists, reports and on screens of others; none of them may be steered by it. Categories are
those of the Unicode Standard; the joiners U+200C and U+200D stay where its scripts need them (UTS 39, section 3).
"""

import re
import unicodedata

_HIDING = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"
_BLANK_LETTERS = (
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters, marks and signs that show nothing
)
_FIRST_JOINING_SCRIPT = "\u0590"
_MOST_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4}"
)
_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(
    r"@|://|\bwww\.|\bmailto:|[^\W_][\w-]+\.[^\W\d_]{2,}|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[\w.-]+\.[^\W\d_]+/",
    re.IGNORECASE,
)
_LINK = re.compile(r"://|\bwww\.|\bmailto:|[\w.]@[\w-]+\.", re.IGNORECASE)

HIDDEN = "there are characters in it that cannot be seen or that turn the direction of writing; type it anew"


def is_shown(letter: str) -> bool:
    """Whether a character shows something, or is a space or the end of a line."""
    return letter == "\n" or (unicodedata.category(letter) not in _HIDING and letter not in _BLANK_LETTERS)


def clean_name(text: str) -> str:
    """A person's name in one line. Raises ValueError for what no name holds."""
    name = clean_line(text)
    if not _LETTER.search(name):
        raise ValueError("write at least one letter")
    if _ADDRESS.search(unicodedata.normalize("NFKC", name)):
        raise ValueError("a name holds no address; leave it out, and write a space after a dot")
    if _MOST_MARKS.search(unicodedata.normalize("NFD", name)):
        raise ValueError("there are too many marks on one letter; type it anew")
    return name


def clean_title(text: str) -> str:
    """A title in one line; it may name a technology (Node.js), and leads nowhere."""
    title = clean_line(text)
    if _LINK.search(unicodedata.normalize("NFKC", title)):
        raise ValueError("a title holds no address; leave it out")
    return title


def clean_line(text: str) -> str:
    """One line: composed (NFC), single spaces, none around it. Raises ValueError for hidden characters."""
    _refuse_hidden(text, "")
    return " ".join(unicodedata.normalize("NFC", text).split())


def clean_text(text: str) -> str:
    """Lines of text, composed. Raises ValueError for hidden characters but tabs and line ends."""
    _refuse_hidden(text, "\n\r\t")
    return unicodedata.normalize("NFC", text)


def _refuse_hidden(text: str, kept: str) -> None:
    for place, letter in enumerate(text):
        if letter.isascii() and (letter.isprintable() or letter in kept):
            continue
        if letter in _JOINERS and _joins(text, place):
            continue
        if letter == "\n" or not is_shown(letter):
            raise ValueError(HIDDEN)


def _joins(text: str, place: int) -> bool:
    """Between letters of a script that joins them, as in Persian or Hindi."""
    around = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return len(around) == 2 and all(
        letter >= _FIRST_JOINING_SCRIPT and unicodedata.category(letter)[0] in "LM" for letter in around
    )
