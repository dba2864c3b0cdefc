"""Every screen with axe-core, in both themes and on a narrow one: WCAG 2.2 AA as far as a program can tell."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.e2e.browser import watched
from tests.e2e.stage import Stage, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="package")

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN = ("/sign-in", "/register", "/confirm-address?token=x", "/forgot-password", "/reset-password?token=x")
OWN = {
    "student": ("/", "/exams", "/account", "/notifications"),
    "proctor": ("/", "/wall"),
    "grader": ("/", "/reviews"),
    "author": ("/authoring",),
    "admin": ("/", "/outbox", "/people", "/system"),
}
FIRST_SCREEN_BYTES = 150_000


async def violations(page: Page) -> list[str]:
    """What axe-core finds, a line each."""
    await page.wait_for_load_state("networkidle")
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = await page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [
        f"{page.url}: {one['id']}, {node['html'][:120]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_no_screen_keeps_anybody_out(stage: Stage, browser: Browser, theme: str, width: int) -> None:
    # axe-core itself sets inline styles while it measures; the policy holds in all other tests.
    look = {"bypass_csp": True, "color_scheme": theme, "viewport": {"width": width, "height": 800}}
    found: list[str] = []
    async with watched(browser, stage.server, **look) as person:
        page = await person.page()
        for path in OPEN:
            await page.goto(f"{stage.server}{path}")
            found += await violations(page)
    for role, paths in OWN.items():
        async with watched(browser, stage.server, **look) as person:
            page = await person.page("/sign-in")
            await sign_in(page, f"{role}@demo.example")
            for path in paths:
                await page.goto(f"{stage.server}{path}")
                found += await violations(page)
                if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    found.append(f"{page.url}: wider than {width} px")
    assert found == []


async def test_the_first_screen_is_light(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as person:
        page = await person.context.new_page()
        sizes: list[int] = []
        session = await person.context.new_cdp_session(page)
        await session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
        await page.goto(f"{stage.server}/sign-in")
        await page.wait_for_load_state("networkidle")

        assert 0 < sum(sizes) < FIRST_SCREEN_BYTES
