"""By keyboard an admin imports people, disables somebody, gives extra time, and reads settings and the system."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import watched
from tests.e2e.keyboard import choose, hand_over, paste, press, sign_in, tab_to, write
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="package")

LIST = """email,name,roles,time_factor,time_factor_reason
lin@import.example,Lin Import,student,much,
kim@import.example,Kim Import,proctor,,
"""


async def turned(page: Page, name: str, act: str) -> None:
    """Disable or enable somebody, and be back where it was asked for."""
    row = page.get_by_role("row").filter(has_text=name)
    await press(page, row.get_by_role("button", name=f"{act}: {name}"))
    await press(page, page.get_by_role("dialog").get_by_role("button", name=act))
    other = {"Disable": "Enable", "Enable": "Disable"}[act]
    await expect(row.get_by_role("button", name=f"{other}: {name}")).to_be_focused()


async def test_a_list_is_mended_previewed_and_imported(
    stage: Stage, browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(LIST, encoding="utf-8")
    async with watched(browser, stage.server) as admin:
        page = await admin.page("/people")
        await sign_in(page, "admin@demo.example")
        await press(page, page.get_by_role("link", name="Import people"))

        await hand_over(page, page.get_by_label("File"), path)
        await expect(page.get_by_text("people.csv stands in the field below")).to_be_visible()
        preview = page.get_by_role("button", name="Show what would happen")
        would = page.get_by_role("heading", name="What would happen")
        await press(page, preview)
        await expect(page.get_by_text("Line 2, column time_factor:")).to_be_visible()
        await expect(would).to_be_focused()
        await expect(page.get_by_role("button", name=re.compile("^Import "))).to_have_count(0)

        await paste(page, page.get_by_label("List"), LIST.replace("much,", "1.25,Decision 7"))
        await press(page, preview)
        await expect(page.get_by_text("New: 2. Changed: 0. As they are: 0.")).to_be_visible()
        await press(page, page.get_by_role("button", name="Import 2 people"))
        await expect(page.get_by_role("heading", name="Imported")).to_be_focused()

        await press(page, preview)
        await expect(page.get_by_text("New: 0. Changed: 0. As they are: 2.")).to_be_visible()
        await press(page, page.get_by_role("link", name="All people"))
        await write(page, page.get_by_label("Name, address or number"), "Kim Import")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("link", name="Kim Import")).to_be_visible()
        await turned(page, "Kim Import", "Disable")
        await turned(page, "Kim Import", "Enable")


async def test_extra_time_has_a_reason_and_who_set_it(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as admin:
        page = await admin.page("/people")
        await sign_in(page, "admin@demo.example")
        await write(page, page.get_by_label("Name, address or number"), "grader@demo")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("row").filter(has_text="proctor@demo.example")).to_have_count(0)
        await press(page, page.get_by_role("link", name="Gwen Grader"))
        await expect(page.get_by_text("No extra time").first).to_be_visible()

        save = page.get_by_role("button", name="Set extra time")
        await choose(page, page.get_by_label("How much more"), "25% more time")
        await press(page, save)
        await expect(page.get_by_role("heading", name="There is a problem")).to_be_focused()
        await write(page, page.get_by_label("Reason"), "Decision of 12 November")
        await press(page, save)

        entry = page.get_by_role("listitem").filter(has_text="Decision of 12 November")
        await expect(entry.get_by_text("set by Alex Admin on")).to_be_visible()
        await expect(save).to_be_focused()
        await press(page, page.get_by_role("link", name="All attempts of Gwen Grader"))
        await expect(page.get_by_label("Only attempts of Gwen Grader")).to_be_checked()
        await page.go_back()
        await press(page, page.get_by_role("link", name="All people"))
        await choose(page, page.get_by_label("Time"), "With extra time")
        await expect(page.get_by_role("row").filter(has_text="grader@demo.example")).to_be_visible()
        await expect(page.get_by_role("row").filter(has_text="proctor@demo.example")).to_have_count(0)


async def test_settings_have_sources_and_the_system_leads_to_temporal(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as admin:
        page = await admin.page("/system")
        await sign_in(page, "admin@demo.example")
        await expect(page.get_by_role("heading", name="Detection")).to_be_visible()
        queue = page.get_by_role("row").filter(has_text="proctor-ml").get_by_role("link")
        await tab_to(page, queue)
        await _answers(await queue.get_attribute("href"))

        await press(page, page.get_by_role("link", name="Settings"), "Shift+Tab")
        row = page.get_by_role("row").filter(has_text="JWT_SECRET")
        await expect(row.get_by_text("A default that everybody knows")).to_be_visible()
        await expect(page.get_by_text("development-only-change-me")).to_have_count(0)
        await choose(page, page.get_by_label("Source"), "Environment")
        await expect(page.get_by_role("row").filter(has_text="API_PORT")).to_be_visible()
        await write(page, page.get_by_label("Name or words"), "mail server")
        await expect(page.get_by_text("No setting fits.")).to_be_visible()


async def _answers(address: str | None) -> None:
    """The Temporal UI is there; the tests' browser itself asks nobody else."""
    assert address is not None
    parts = urlsplit(address)
    assert parts.path == "/namespaces/proctorwise/task-queues/proctor-ml"
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        assert (await client.get(f"{parts.scheme}://{parts.netloc}{parts.path}")).status_code == 200


async def test_every_screen_stays_within_a_narrow_window(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server, viewport={"width": 320, "height": 700}) as admin:
        page = await admin.page("/people/import")
        await sign_in(page, "admin@demo.example")
        for path in ("/people", "/people/import", "/system", "/system/settings"):
            await page.goto(f"{stage.server}{path}")
            await expect(page.locator("#content")).to_be_visible()
            assert await _width(page) <= 320, path


async def _width(page: Page) -> int:
    return int(await page.evaluate("document.documentElement.scrollWidth"))
