"""Names: those of people of every script pass unchanged, and nothing that hides, turns or leads elsewhere does."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.name import clean_line, clean_name, clean_text, clean_title, is_shown

NAMES = [
    "Ada Lovelace", "Jean-Luc O’Neill", "J.R.R. Tolkien", "Ngũgĩ wa Thiong'o", "Nguyễn Thị Minh Khai", "Þór Æsisson",
    "Żółć Gęślą", "Ελένη Παπαδοπούλου", "Дмитрий Шостакович", "محمد بن سلمان", "علی‌رضا قربانی", "יוסף כהן", "王小明",
    "김민수", "やまだ たろう", "สมชาย ใจดี", "श्रीमती शर्मा", "தமிழ்ச்செல்வி", "X Æ A-12",
    "Müller, Dr. Dipl.-Ing.", "Ph.D. Smith", "Q",
]  # fmt: skip
HOSTILE = {
    "a line end": "Ada\nBcc: all@example.org",
    "a carriage return": "Ada\rX",
    "a NUL": "Ada\x00",
    "an escape": "\x1b[31mAda",
    "right to left": "Ada\u202egnp.exe",
    "an isolate": "Ada\u2066x\u2069",
    "marks of direction": "Ada\u200f",
    "an Arabic mark": "Ada\u061c",
    "a zero-width space": "A\u200bda",
    "a joiner between Latin letters": "Ad\u200da",
    "a word joiner": "Ada\u2060",
    "a soft hyphen": "Ada\u00ad",
    "a byte order mark": "\ufeffAda",
    "a tag": "Ada\U000e0041",
    "a Hangul filler": "\u3164",
    "a blank braille": "\u2800\u2800",
    "a line separator": "Ada\u2028x",
    "private use": "Ada\ue000",
    "stacked marks": "A" + "\u0301\u0302\u0303\u0304\u0305d",
    "an address": "ada@example.org",
    "a full-width address": "ada＠example.org",
    "a link": "Win https://evil.example/x",
    "a bare host": "Visit evil.example now",
    "a short link": "bit.ly/xyz",
    "www": "WWW.evil",
    "a number of a host": "go to 192.168.0.1",
    "an ideographic stop as dot": "evil．example",
    "nothing": "   ",
    "signs only": "--- 12",
}
STEERING = st.sampled_from([chr(code) for code in range(0x110000) if not is_shown(chr(code))])


@pytest.mark.parametrize("name", NAMES)
def test_peoples_names_pass(name: str) -> None:
    assert clean_name(f"  {name} ") == unicodedata.normalize("NFC", " ".join(name.split()))


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_name_that_steers_is_refused_in_words(kind: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z ]{10}") as refused:
        clean_name(HOSTILE[kind])

    assert HOSTILE[kind].strip() not in str(refused.value) or not HOSTILE[kind].strip()


@given(st.text(max_size=60))
def test_what_passes_is_one_line_that_is_seen_and_stays(text: str) -> None:
    try:
        name = clean_name(text)
    except ValueError:
        return
    assert clean_name(name) == name == unicodedata.normalize("NFC", name)
    assert all(is_shown(letter) or letter in "\u200c\u200d" for letter in name)
    assert not re.search(r"\s\s|^\s|\s$|[\r\n\t@]", name)


@given(st.text(max_size=10), STEERING, st.text(max_size=10))
def test_one_hidden_character_is_enough(before: str, hidden: str, after: str) -> None:
    for clean in (clean_name, clean_title, clean_line, clean_text):
        if hidden in "\r\t" and clean is clean_text:
            continue
        with pytest.raises(ValueError, match=r"seen|letter"):
            clean("Ada " + re.sub(r"[^a-z]", "", before) + hidden + re.sub(r"[^a-z]", "", after))


def test_a_decomposed_name_is_composed() -> None:
    assert clean_name("Zoe\u0308") == "Zoë"


@pytest.mark.parametrize("title", ["Node.js and ASP.NET", "Networks 1: TCP/IP (v2.10)", "C++ & C#"])
def test_titles_may_name_technology(title: str) -> None:
    assert clean_title(title) == title


@pytest.mark.parametrize(
    "title", ["See https://evil.example", "www.evil.example", "to ada@example.org", "a\u202eb"]
)
def test_titles_lead_nowhere(title: str) -> None:
    with pytest.raises(ValueError, match=r"address|seen"):
        clean_title(title)


def test_text_keeps_its_lines() -> None:
    assert clean_text("one\n\ttwo") == "one\n\ttwo"
