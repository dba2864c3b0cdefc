"""An author makes, imports, publishes; an admin gives a role and looks at the system."""

import pytest
from playwright.async_api import Browser, Page, expect

from api.demo.exam import QUESTIONS
from tests.e2e.browser import watched
from tests.e2e.stage import Stage, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def set_rules(page: Page) -> None:
    """A rule out of its range is named where it is folded away."""
    await page.get_by_label("Time to write, in minutes").fill("45")
    await page.locator("summary", has_text="How long data is kept").click()
    await page.get_by_label("Pictures, in days").fill("-1")
    await page.get_by_role("button", name="Save as a new version").click()
    await expect(page.get_by_role("link", name="choose 0 seconds to 3650 days")).to_be_visible()
    await page.get_by_label("Pictures, in days").fill("7")
    await page.get_by_role("button", name="Save as a new version").click()
    await expect(page.get_by_text("Version 3")).to_be_visible()


async def write_a_question(page: Page) -> None:
    """With its preview beside it; what is wrong is said beside its field; removed and put back."""
    await page.get_by_role("button", name="Add a question").first.click()
    editor = page.get_by_role("dialog")
    await editor.get_by_label("Kind").select_option("multiple_choice")
    await editor.get_by_label("Question", exact=True).fill("Which are **prime**?")
    await editor.get_by_label("Option", exact=True).first.fill("Two")
    await editor.get_by_label("Option", exact=True).last.fill("Four")
    await expect(editor.get_by_role("checkbox", name="Two")).to_be_visible()
    await editor.get_by_label("Points", exact=True).fill("-2")
    await editor.get_by_role("button", name="Save the question").click()
    await expect(editor.get_by_label("Points", exact=True)).to_have_attribute("aria-invalid", "true")
    await editor.get_by_label("Points", exact=True).fill("2")
    await editor.get_by_role("button", name="Save the question").click()
    await expect(page.get_by_role("heading", name="6 questions")).to_be_visible()
    await page.get_by_role("button", name="Remove: 6.").click()
    await expect(page.get_by_role("heading", name="5 questions")).to_be_visible()
    await page.get_by_role("button", name="Put it back").click()
    await expect(page.get_by_role("heading", name="6 questions")).to_be_visible()


async def try_it(page: Page) -> None:
    """As a student would, marked at once."""
    await page.get_by_role("button", name="Try it as a student").click()
    trial = page.get_by_role("dialog")
    for _ in range(5):
        await trial.get_by_role("button", name="Next").click()
    await trial.get_by_role("checkbox", name="Two").check()
    await trial.get_by_role("button", name="Mark my answers").click()
    await expect(trial.get_by_text("You chose “Two”")).to_be_visible()
    await trial.get_by_role("button", name="Close").click()


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

        await set_rules(page)
        await write_a_question(page)
        await try_it(page)
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
        await expect(offer.get_by_text("45 minutes, 6 questions")).to_be_visible()


async def test_an_admin_gives_and_takes_a_role_and_sees_the_system(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as admin:
        page = await admin.page("/sign-in")
        await sign_in(page, "admin@demo.example")
        await page.get_by_role("link", name="People").click()
        row = page.get_by_role("row").filter(has_text="grader@demo.example")
        both = row.get_by_text("proctor, grader").or_(row.get_by_text("grader, proctor"))
        await row.get_by_role("button", name="Roles").click()
        await page.get_by_role("dialog").get_by_label("proctor").check()
        await page.get_by_role("button", name="Save").click()
        await expect(both).to_be_visible()
        await row.get_by_role("button", name="Roles").click()
        await page.get_by_role("dialog").get_by_label("proctor").uncheck()
        await page.get_by_role("button", name="Save").click()
        await expect(both).to_have_count(0)

        await page.get_by_role("link", name="System").click()

        await expect(page.get_by_role("row").filter(has_text="proctor-ml")).to_be_visible()
