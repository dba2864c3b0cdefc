"""Question text on the screen: it shows what was written, and does no harm."""

import html
import re

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.markup import render, render_line
from schema.gift.markup import Markup, to_markdown

lines = st.text(
    "ab *_`[]()<>&#+-=|~:.!\\1234567890\"' äß\u2212",
    min_size=1,
    max_size=40,
)


def shown(rendered: str) -> list[str]:
    """The words on the screen, line by line."""
    broken = re.sub(r"<br\s*/?>\n?", "\n", rendered)
    text = html.unescape(nh3.clean(broken, tags=set()))
    return [" ".join(line.split()) for line in text.strip().split("\n")]


@given(st.lists(lines.filter(lambda line: bool(line.strip())), min_size=1, max_size=4))
def test_plain_text_shows_exactly_as_it_was_typed(given_lines: list[str]) -> None:
    markdown = to_markdown("\n".join(given_lines), Markup.PLAIN)

    assert shown(render(markdown)) == [" ".join(line.split()) for line in given_lines]


@pytest.mark.parametrize(
    ("text", "markup", "rendered"),
    [
        ("2*3*4 and a_b_c", Markup.MOODLE, "<p>2*3*4 and a_b_c</p>"),
        ("one\ntwo", Markup.MOODLE, "<p>one<br>\ntwo</p>"),
        ("one\ntwo <b>b*c*d</b>", Markup.MOODLE, "<p>one<br>\ntwo <b>b*c*d</b></p>"),
        ("<p>a_b_ *c*</p>\n<p>d</p>", Markup.MOODLE, "<p>a_b_ *c*</p>\n<p>d</p>"),
        ("<ul><li>1. *x*</li></ul>", Markup.HTML, "<ul><li>1. *x*</li></ul>"),
        ("# one *two*", Markup.MARKDOWN, "<h1>one <em>two</em></h1>"),
        ("# one *two*", Markup.MOODLE, "<p># one *two*</p>"),
        ("1. one", Markup.PLAIN, "<p>1. one</p>"),
        ("<b>bold</b>", Markup.PLAIN, "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
        ("&amp;", Markup.PLAIN, "<p>&amp;amp;</p>"),
        ("a < b > c", Markup.MOODLE, "<p>a &lt; b &gt; c</p>"),
    ],
)
def test_each_format_shows_as_it_is_meant(text: str, markup: Markup, rendered: str) -> None:
    assert render(to_markdown(text, markup)) == rendered


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<a href='JaVaScRiPt:alert(1)'>x</a>",
        "<p style='background:url(http://evil.example/x)'>x</p>",
        "<iframe src='https://evil.example'></iframe>",
        "<form action='https://evil.example'><input name=a></form>",
        "![x](https://evil.example/tracker.png)",
        "<b onclick='alert(1)'>x</b>",
        "<math><mtext></p><style><img src onerror=alert(1)>",
        "<a href='https://ok.example' target='_blank' onmouseover=alert(1)>x</a>",
    ],
)
def test_nothing_that_runs_loads_or_sends_survives(attack: str) -> None:
    rendered = render(attack)

    for sign in (
        "<script",
        "<img",
        "<svg",
        "<iframe",
        "<form",
        "<input",
        "<style",
        "style=",
        'href="java',
        'href="data',
    ):
        assert sign not in rendered.lower()
    assert not re.search(r"<[^>]*\son\w+\s*=", rendered)


def test_a_label_has_no_paragraph_of_its_own() -> None:
    assert render_line("**10**.0.0.0/8") == "<strong>10</strong>.0.0.0/8"
    assert render_line("one\n\ntwo") == "<p>one</p>\n<p>two</p>"


def test_tables_and_outside_links_work() -> None:
    assert "<table>" in render("| a | b |\n|---|---|\n| 1 | 2 |")
    assert render("[x](https://ok.example)") == (
        '<p><a href="https://ok.example" rel="noopener noreferrer nofollow">x</a></p>'
    )
