"""Whatever comes in, a reading comes out."""

from hypothesis import given
from hypothesis import strategies as st

from schema.gift.reader import Reading, read_gift

SIGNS = ["=", "~", "#", "####", "{", "}", "::", ":", "\\", "%", "->", "..", "$CATEGORY:", "//", "*", "_", "−"]
WORDS = ["%50%", "%-100%", "T", "F", "TRUE", "3.14", "[html]", "[plain]", "word", "é", "<b>", "1."]
SPACES = ["\n", "\n\n", "\r\n", " "]
TOKENS = [*SIGNS, *WORDS, *SPACES]
fragments = st.lists(st.sampled_from(TOKENS), max_size=60).map("".join)
words = st.text("abcdefghij ÄÖÜ äöü ß 日本語 <>&*_`[]()!1234567890.,;-+|\"'", min_size=1, max_size=30).filter(
    lambda text: bool(text.strip())
)


def check(reading: Reading, text: str) -> None:
    assert bool(reading.questions) != bool(reading.errors)
    lines = text.count("\n") + text.count("\r") + 1
    for problem in (*reading.errors, *reading.warnings):
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
        assert problem.message


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    reading = read_gift(data)

    assert bool(reading.questions) != bool(reading.errors)


@given(fragments)
def test_any_mix_of_the_formats_own_signs(text: str) -> None:
    check(read_gift(text.encode()), text)


@given(fragments, fragments)
def test_any_answer_block(before: str, inside: str) -> None:
    text = f"::t::{before}{{{inside}}}"

    check(read_gift(text.encode()), text)


def escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "~=#{}:\\" else letter for letter in text)


@given(words, st.lists(words, min_size=2, max_size=6, unique_by=lambda text: " ".join(text.split())))
def test_escaped_markdown_comes_back_as_it_went_in(text: str, options: list[str]) -> None:
    block = "".join(
        f"{'=' if place == 0 else '~'}[markdown]{escaped(option)}" for place, option in enumerate(options)
    )

    reading = read_gift(f"::t::[markdown]{escaped(text)}{{{block}}}".encode())

    (question,) = reading.questions
    assert question.text == text.strip()
    assert question.kind == "single_choice"
    assert [option.text for option in question.options] == [option.strip() for option in options]
