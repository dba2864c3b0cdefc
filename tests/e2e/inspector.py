"""Looks at a page with axe-core in both themes, narrow and wide: WCAG 2.2 AA as far as a program can tell."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = (Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
ALL = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# A theme changes colours and nothing else, so the dark is asked about colours only.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
WIDTHS = (1280, 320)
# axe-core sets inline styles while it measures; the policy holds in all other tests. Colours are measured at rest.
LOOK: dict[str, Any] = {"bypass_csp": True, "reduced_motion": "reduce", "color_scheme": "light"}


class Inspector:
    """`found` has a line for each violation, `seen` the names of what was looked at."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.seen: list[str] = []

    async def visit(self, name: str, page: Page) -> None:
        """Four looks at a page; it is left wide and light."""
        self.seen.append(name)
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(AXE)
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 800})
            await self._look(f"{name} {width} light", page, ALL)
            await page.emulate_media(color_scheme="dark")
            await self._look(f"{name} {width} dark", page, COLOURS)
            await page.emulate_media(color_scheme="light")
            await self._measure(f"{name} {width}", page)
        await page.set_viewport_size({"width": WIDTHS[0], "height": 800})

    async def _look(self, where: str, page: Page, rules: dict[str, Any]) -> None:
        found: dict[str, Any] = await page.evaluate("rules => axe.run(rules)", rules)
        self.found += [
            f"{where}: {one['id']}, {node['html'][:120]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    async def _measure(self, where: str, page: Page) -> None:
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            self.found.append(f"{where}: {wide} px wider than the screen")
