"""Looks at a page with axe-core in both themes, narrow and wide, and goes through it with the Tab key.

WCAG 2.2 AA as far as a program can tell.
"""

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
MOST_TABS = 40
BEGIN = """() => {
  window.pwTabbed = [];
  window.pwBefore = document.activeElement;
  const dialog = document.querySelector("dialog[open]");
  // The end is marked: whoever leaves the page by Tab is away from it, and an exam notices that.
  window.pwEnd = document.createElement("span");
  window.pwEnd.tabIndex = 0;
  (dialog ?? document.body).append(window.pwEnd);
  if (!dialog) document.querySelector(".skip").focus();
}"""
FINISH = "() => { window.pwEnd.remove(); window.pwBefore?.focus(); }"
# What has the focus now: whether it is in sight, marked, and after what had it before.
STEP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === window.pwEnd || window.pwTabbed.includes(one)) return null;
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const last = window.pwTabbed.at(-1);
  window.pwTabbed.push(one);
  // What a script gave the focus need not be marked where a mouse was used before; what Tab reaches must.
  const isFirst = window.pwTabbed.length === 1;
  const isMarked = isFirst || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inSight = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0;
  const isBack = last?.isConnected && last.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING;
  const isBehind = document.querySelector("dialog[open]") && !one.closest("dialog");
  const wrong = [!isMarked && "not marked", !inSight && "out of sight", isBack && "goes back", isBehind && "behind"];
  return { html: one.outerHTML.slice(0, 120), wrong: wrong.filter(Boolean) };
}"""


class Inspector:
    """`found` has a line for each violation, `seen` the names of what was looked at."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.seen: list[str] = []

    async def visit(self, name: str, page: Page) -> None:
        """Four looks at a page and a walk with the Tab key; it is left wide and light, the focus where it was."""
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
        await self._tab(name, page)

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

    async def _tab(self, where: str, page: Page) -> None:
        """What has the focus is marked and in sight, in the order of the page, and in a dialog while one is open."""
        await page.evaluate(BEGIN)
        for _ in range(MOST_TABS):
            step = await page.evaluate(STEP)
            if step is None:
                break
            self.found += [f"{where} by keyboard: {wrong}, {step['html']}" for wrong in step["wrong"]]
            await page.keyboard.press("Tab")
        await page.evaluate(FINISH)
