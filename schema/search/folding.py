"""One spelling for what people mean by the same letters, whatever case, accents and width they type."""

import unicodedata

# Letters whose accent Unicode does not take apart, and letters that people without the key write as two.
_LETTERS = {
    "ı": "i",
    "ȷ": "j",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
    "đ": "d",
    "ħ": "h",
    "ŧ": "t",
}
_SIGNS = {
    **dict.fromkeys("‘’‚‛ʹʻʼʽˈ´`′＇", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−⁃－", "-"),
}
# Japanese voicing, the Indic virama and the Greek iota subscript make another letter, not an accent.
_BELONGS = {8, 9, 240}


def fold(text: str) -> str:
    """The text as it is compared: no case, no accents, plain width and signs, single spaces.

    The same on every machine and database, because it is done before anything is stored or asked.
    """
    plain = _bare(text.translate(_TABLE)).casefold()
    return " ".join("".join(_letter(letter) for letter in _bare(plain)).split())


def _bare(text: str) -> str:
    kept = (letter for letter in unicodedata.normalize("NFKD", text) if not _is_mark(letter))
    return "".join(kept).translate(_TABLE)


def _is_mark(letter: str) -> bool:
    is_unseen = unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f"
    return is_unseen or unicodedata.combining(letter) not in {0, *_BELONGS}


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in _LETTERS:
        return _LETTERS[letter]
    base, joined, _ = unicodedata.name(letter, "").partition(" WITH ")
    if not joined or not letter.isalpha():
        return letter
    try:
        return unicodedata.lookup(base)
    except KeyError:
        return letter


_TABLE = str.maketrans(_SIGNS)
