"""Folding: two spellings of one name are one text, and folding twice changes nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.search.folding import fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Straße", "strasse"),
        ("ΣΊΣΥΦΟΣ Σίσυφος", "σισυφοσ σισυφοσ"),
        ("Ёж Йод", "еж иод"),
        ("Ğ İ I ı i", "g i i i i"),
        ("Ｆｕｌｌ\u3000Ｗｉｄｔｈ", "full width"),
        ("ﬁn Ⅻ", "fin xii"),
        ("Ґалаґан", "галаган"),
        ("שָׁלוֹם", "שלום"),
        ("が か", "\u304b\u3099 か"),
        ("कि का", "कि का"),
        ("a\u200bb\ufe0f", "ab"),
        ("  Jean–Luc  O’Hara ", "jean-luc o'hara"),
    ],
)
def test_spellings_meet(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text(max_size=40))
def test_composed_and_decomposed_are_one_and_folding_is_done_once(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(categories=["Lu", "Ll", "Lt"]), max_size=40))
def test_upper_and_lower_are_one(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)
