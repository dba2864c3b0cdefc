"""Sets a screen's shell: the page before its module has asked for anything."""

import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.pages.asset import Assets
from api.pages.catalogue import Texts, text_at, texts_of
from api.pages.page import Page

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)

# Scripts, styles and connections of this site only, and nothing inline (CSP level 3). Pictures and videos are
# also made here: a frame that was fetched, the person's own camera.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def shell(assets: Assets, page: Page, language: str, theme: str) -> str:
    """The page as HTML; `theme` is light, dark, or empty for what the device prefers."""
    texts = texts_of(assets, language, page.texts)
    return _TEMPLATES.get_template("shell.html.j2").render(
        language=language,
        theme=theme,
        static=f"/static/{assets.version}",
        module=page.module,
        sheets=page.sheets,
        texts=_as_data(texts),
        title=text_at(texts, page.title),
        skip=text_at(texts, "shared.skip"),
        loading=text_at(texts, "shared.loading"),
        noscript=text_at(texts, "shared.noScript"),
    )


def _as_data(texts: Texts) -> Markup:
    """JSON that cannot end its script element; the texts are ours, so nothing else needs escaping."""
    return Markup(json.dumps(texts, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - escaped here
