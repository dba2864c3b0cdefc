"""An admin imports people with an error mended, gives extra time, and reads settings, the system and its workflows."""

import re
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import watched
from tests.e2e.stage import Stage, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="package")

LIST = """email,name,roles,time_factor,time_factor_reason
lin@import.example,Lin Import,student,much,
kim@import.example,Kim Import,proctor,,
"""


async def test_a_list_is_mended_previewed_and_imported(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as admin:
        page = await admin.page("/people")
        await sign_in(page, "admin@demo.example")
        await page.get_by_role("link", name="Import people").click()

        await page.get_by_label("File").set_input_files(
            {"name": "people.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
        )
        await expect(page.get_by_text("people.csv stands in the field below")).to_be_visible()
        await page.get_by_role("button", name="Show what would happen").click()
        await expect(page.get_by_text("Line 2, column time_factor:")).to_be_visible()
        await expect(page.get_by_role("button", name=re.compile("^Import "))).to_have_count(0)

        await page.get_by_label("List").fill(LIST.replace("much,", "1.25,Decision 7"))
        await page.get_by_role("button", name="Show what would happen").click()
        await expect(page.get_by_text("New: 2. Changed: 0. As they are: 0.")).to_be_visible()
        await page.get_by_role("button", name="Import 2 people").click()
        await expect(page.get_by_role("heading", name="Imported")).to_be_visible()

        await page.get_by_role("button", name="Show what would happen").click()
        await expect(page.get_by_text("New: 0. Changed: 0. As they are: 2.")).to_be_visible()
        await page.get_by_role("link", name="All people").click()
        await expect(page.get_by_role("link", name="Kim Import")).to_be_visible()


async def test_extra_time_has_a_reason_and_who_set_it(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as admin:
        page = await admin.page("/people")
        await sign_in(page, "admin@demo.example")
        await page.get_by_label("Name, address or number").fill("grader@demo")
        await page.get_by_role("button", name="Find").click()
        await page.get_by_role("link", name="Gwen Grader").click()
        await expect(page.get_by_text("No extra time").first).to_be_visible()

        await page.get_by_label("How much more").select_option("25% more time")
        await page.get_by_role("button", name="Set extra time").click()
        await expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        await page.get_by_label("Reason").fill("Decision of 12 November")
        await page.get_by_role("button", name="Set extra time").click()

        entry = page.get_by_role("listitem").filter(has_text="Decision of 12 November")
        await expect(entry.get_by_text("set by Alex Admin on")).to_be_visible()
        await page.goto(f"{stage.server}/people")
        await page.get_by_label("Time").select_option("With extra time")
        await expect(page.get_by_role("row").filter(has_text="grader@demo.example")).to_be_visible()
        await expect(page.get_by_role("row").filter(has_text="proctor@demo.example")).to_have_count(0)


async def test_settings_have_sources_and_the_system_leads_to_temporal(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as admin:
        page = await admin.page("/system")
        await sign_in(page, "admin@demo.example")
        await expect(page.get_by_role("heading", name="Detection")).to_be_visible()
        queue = page.get_by_role("row").filter(has_text="proctor-ml").get_by_role("link")
        await _answers(await queue.get_attribute("href"))

        await page.get_by_role("link", name="Settings").click()
        row = page.get_by_role("row").filter(has_text="JWT_SECRET")
        await expect(row.get_by_text("A default that everybody knows")).to_be_visible()
        await expect(page.get_by_text("development-only-change-me")).to_have_count(0)
        await page.get_by_label("Source").select_option("Environment")
        await expect(page.get_by_role("row").filter(has_text="API_PORT")).to_be_visible()
        await page.get_by_label("Name or words").fill("mail server")
        await expect(page.get_by_text("No setting fits.")).to_be_visible()


async def _answers(address: str | None) -> None:
    """The Temporal UI is there; the tests' browser itself asks nobody else."""
    assert address is not None
    parts = urlsplit(address)
    assert parts.path == "/namespaces/proctorwise/task-queues/proctor-ml"
    async with httpx.AsyncClient(trust_env=False) as client:
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
