"""By keyboard: an attempt found by its student, its record, held and released; and everybody starts where needed."""

import re
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import watched
from tests.e2e.keyboard import press, sign_in, tick, write
from tests.e2e.stage import API, Stage

pytestmark = pytest.mark.asyncio(loop_scope="package")

TITLE = "Searched exam"


@dataclass(frozen=True)
class Booked:
    """One booking of the demo student."""

    stage: Stage
    slot_id: str
    attempt_id: str


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def booked(stage: Stage) -> Booked:
    exam_id = await stage.exam(TITLE)
    slots = await stage.people["proctor"].get(f"{API}/slots", exam_id=exam_id)
    slot_id = str(slots["items"][0]["slot_id"])
    made = await stage.people["student"].post(f"{API}/attempts", {"exam_id": exam_id, "slot_id": slot_id})
    attempt_id = str(made["attempt_id"])
    await stage.command("student", attempt_id, "confirm")
    await stage.reached(attempt_id, "reserved")  # a search looks once
    return Booked(stage, slot_id, attempt_id)


async def test_found_by_a_name_held_with_a_reason_and_released(booked: Booked, browser: Browser) -> None:
    async with watched(browser, booked.stage.server) as admin:
        page = await admin.page("/search?phase=reserved")
        await sign_in(page, "admin@demo.example")
        await expect(page.get_by_text("1 filter is set")).to_be_visible()
        await keep_keys_silent(page)
        await page.keyboard.press("/")
        await page.keyboard.type("sam searched")
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(re.compile("q=sam[+]searched.*phase=reserved"))
        row = page.get_by_role("row").filter(has_text=TITLE)
        await expect(row).to_have_count(1)

        await press(page, page.get_by_role("link", name="Skip to the attempts found"))
        await tick(page, row.get_by_role("checkbox"))
        await press(page, page.get_by_role("button", name="Hold", exact=True), "Shift+Tab")
        await reasoned(page, "Hold", "A claim is at the court.")
        await expect(row.get_by_text("On hold")).to_be_visible()
        await expect(page.get_by_role("region", name="Attempts found")).to_be_focused()

        await press(page, row.get_by_role("link", name="Sam Student"))
        await expect(page.get_by_text("A claim is at the court.")).to_be_visible()
        await expect(page.get_by_text("Seat confirmed")).to_be_visible()
        await expect(page.get_by_role("link", name=f"attempt:{booked.attempt_id}")).to_be_visible()
        await press(page, page.get_by_role("button", name="Release the hold"))
        await reasoned(page, "Release the hold", "Settled.")
        await expect(page.get_by_role("heading", name="Not on hold")).to_be_visible()
        await expect(page.get_by_role("button", name="Hold", exact=True)).to_be_focused()
        await press(page, page.locator("summary", has_text="1 earlier hold"))
        await expect(page.get_by_role("cell", name="Settled.")).to_be_visible()


async def turn_keys(page: Page) -> None:
    """Off or on, in one's own menu."""
    await press(page, page.locator("summary", has_text="Alex Admin"))
    await tick(page, page.get_by_label("Single keys work"))
    await page.keyboard.press("Escape")


async def keep_keys_silent(page: Page) -> None:
    """For a while the search's own key does nothing."""
    await turn_keys(page)
    await page.keyboard.press("/")
    await expect(page.get_by_label("Search attempts")).not_to_be_focused()
    await turn_keys(page)


async def reasoned(page: Page, act: str, reason: str) -> None:
    """Say why in the dialog; without a reason it stays open and says so."""
    dialog = page.get_by_role("dialog")
    await press(page, dialog.get_by_role("button", name=act, exact=True))
    await expect(dialog.get_by_text("Please fill in: Reason").first).to_be_visible()
    await expect(dialog.get_by_role("heading", name="There is a problem")).to_be_focused()
    await write(page, dialog.get_by_label("Reason"), reason)
    await press(page, dialog.get_by_role("button", name=act, exact=True))
    await expect(dialog).to_have_count(0)


async def test_nothing_fits_and_nobody_else_may(booked: Booked, browser: Browser) -> None:
    async with (
        watched(browser, booked.stage.server) as proctor,
        watched(browser, booked.stage.server) as grader,
    ):
        page = await proctor.page("/search?q=nobody-is-called-so")
        await sign_in(page, "proctor@demo.example")
        await expect(page.get_by_text("No attempt fits.")).to_be_visible()
        await press(page, page.get_by_role("link", name="Clear the search"))
        await expect(page.get_by_role("row").filter(has_text=TITLE)).to_be_visible()
        await expect(page.get_by_role("button", name="Hold")).to_have_count(0)

        other = await grader.page("/search")
        await sign_in(other, "grader@demo.example")
        await expect(other.get_by_text("This page is for people with one of these roles")).to_be_visible()


async def test_everybody_starts_where_they_are_needed(booked: Booked, browser: Browser) -> None:
    draft = {"title": "Unfinished exam", "instructions": "", "sections": []}
    await booked.stage.people["author"].post(f"{API}/exams", draft)
    await booked.stage.command("admin", booked.attempt_id, "hold", {"reason": "A claim"})
    wanted = {
        "proctor": ("Slots to watch", TITLE, f"/wall/{booked.slot_id}"),
        "grader": ("Decisions", "", ""),
        "author": ("My exams to write", "Unfinished exam", "/authoring/"),
        "admin": ("The platform", "Attempts on hold", "/search?hold=yes"),
    }
    for role, (heading, entry, leads) in wanted.items():
        async with watched(browser, booked.stage.server) as someone:
            page = await someone.page("/sign-in")
            await sign_in(page, f"{role}@demo.example")
            section = page.locator("section").filter(
                has=page.get_by_role("heading", name=heading, exact=True)
            )
            await expect(section).to_be_visible()
            await expect(section.get_by_text("Loading…")).to_have_count(0)
            await expect(page.locator("main section")).to_have_count(1)
            if entry:
                link = section.get_by_role("link", name=entry)
                await expect(link).to_be_visible()
                assert leads in str(await link.get_attribute("href"))
            else:
                await expect(
                    section.get_by_role("link").or_(section.get_by_text("Nothing waits"))
                ).not_to_have_count(0)
