"""Renders question text: Markdown with HTML in, HTML that cannot do harm out."""

import nh3
from markdown_it import MarkdownIt

# Whatever authors write or import, only these survive; no scripts, styles, frames, forms, or outside pictures.
TAGS = {
    "a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "table",
    "tbody", "td", "th", "thead", "tr", "u", "ul", "var",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
SCHEMES = {"https", "http", "mailto"}

_MARKDOWN = MarkdownIt("commonmark", {"html": True, "xhtmlOut": False}).enable("table")


def render(text: str) -> str:
    """Blocks of safe HTML."""
    return nh3.clean(
        _MARKDOWN.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    ).strip()


def render_line(text: str) -> str:
    """Like `render`, but a single paragraph loses its tags, for use inside a label."""
    return line_of(render(text))


def line_of(html: str) -> str:
    """What `render` made, without the tags of a single paragraph."""
    inner = html.removeprefix("<p>").removesuffix("</p>")
    is_paragraph = html.startswith("<p>") and html.endswith("</p>") and "<p>" not in inner
    return inner if is_paragraph else html
