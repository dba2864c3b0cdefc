"""An author makes, imports, publishes; an admin gives a role and looks at the system."""

import pytest
from playwright.async_api import Browser, expect

from api.demo.exam import QUESTIONS
from tests.e2e.browser import watched
from tests.e2e.stage import Stage, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_an_author_makes_an_exam_that_can_be_booked(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as author, watched(browser, stage.server) as student:
        page = await author.page("/sign-in")
        await sign_in(page, "author@demo.example")
        await page.get_by_role("link", name="Exams", exact=True).click()
        await page.get_by_role("button", name="New exam").click()
        await page.get_by_role("dialog").get_by_label("Title").fill("Made in the browser")
        await page.get_by_role("button", name="Make it").click()
        await expect(page.get_by_role("heading", name="Made in the browser")).to_be_visible()

        await page.get_by_label("Questions in GIFT").fill("What? {=yes ~no")
        await page.get_by_role("button", name="Import").click()
        await expect(page.get_by_text("Line 1, column")).to_be_visible()
        await page.get_by_label("Questions in GIFT").fill(QUESTIONS)
        await page.get_by_role("button", name="Import").click()
        await expect(page.get_by_role("heading", name="5 questions")).to_be_visible()

        await page.get_by_label("Time to write, in minutes").fill("45")
        await page.get_by_role("button", name="Save as a new version").click()
        await expect(page.get_by_text("Version 3")).to_be_visible()
        await page.locator("summary", has_text="Add a slot").click()
        await page.get_by_label("Begins").fill("2031-05-06T09:00")
        await page.get_by_role("button", name="Add a slot").click()
        await expect(page.get_by_text("0 of 30 seats taken")).to_be_visible()
        await page.get_by_role("button", name="Offer this version").click()
        await page.get_by_role("dialog").get_by_role("button", name="Offer this version").click()
        await expect(page.get_by_text("Offered")).to_be_visible()

        booking = await student.page("/sign-in")
        await sign_in(booking, "student@demo.example")
        await booking.get_by_role("link", name="Book an exam").first.click()
        offer = booking.get_by_role("listitem").filter(has_text="Made in the browser").first
        await expect(offer.get_by_text("45 minutes, 5 questions")).to_be_visible()


async def test_an_admin_gives_a_role_and_sees_the_system(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as admin:
        page = await admin.page("/sign-in")
        await sign_in(page, "admin@demo.example")
        await page.get_by_role("link", name="People").click()
        row = page.get_by_role("row").filter(has_text="grader@demo.example")
        await row.get_by_role("button", name="Roles").click()
        await page.get_by_role("dialog").get_by_label("proctor").check()
        await page.get_by_role("button", name="Save").click()
        await expect(
            row.get_by_text("proctor, grader").or_(row.get_by_text("grader, proctor"))
        ).to_be_visible()

        await page.get_by_role("link", name="System").click()

        await expect(page.get_by_role("row").filter(has_text="proctor-ml")).to_be_visible()
