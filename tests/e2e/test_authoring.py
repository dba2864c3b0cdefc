"""An author makes, imports, tries out, publishes; an admin gives a role and looks at the system: by keyboard."""

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from api.demo.exam import QUESTIONS
from tests.e2e.browser import watched
from tests.e2e.keyboard import choose, paste, press, sign_in, tick, write, write_date
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def import_questions(page: Page) -> None:
    """What is wrong is said by its line, and leads there; then the questions come."""
    text = page.get_by_label("Questions in GIFT")
    await press(page, page.get_by_role("link", name="Import questions"))
    await paste(page, text, "What? {=yes ~no")
    await press(page, page.get_by_role("button", name="Import", exact=True))
    await press(page, page.get_by_role("button", name="Line 1, column"), "Shift+Tab")
    await expect(text).to_be_focused()
    await paste(page, text, QUESTIONS)
    await press(page, page.get_by_role("button", name="Import", exact=True))
    await expect(page.get_by_role("heading", name="5 questions")).to_be_visible()
    await expect(page.get_by_role("button", name="Import", exact=True)).to_be_focused()


async def set_rules(page: Page) -> None:
    """A rule out of its range is named where it is folded away."""
    days = page.get_by_label("Pictures, in days")
    await write(page, page.get_by_label("Time to write, in minutes"), "45")
    await press(page, page.locator("summary", has_text="How long data is kept"))
    await write(page, days, "-1")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="There is a problem")).to_be_focused()
    await press(page, page.get_by_role("link", name="choose 0 seconds to 3650 days"))
    await expect(days).to_be_focused()
    await write(page, days, "7")
    await press(page, page.get_by_role("button", name="Save as a new version"))
    await expect(page.get_by_text("Version 3")).to_be_visible()
    await expect(page.get_by_role("button", name="Save as a new version")).to_be_focused()


async def write_a_question(page: Page) -> None:
    """With its preview beside it; what is wrong is said beside its field."""
    add = page.get_by_role("button", name="Add a question").first
    await press(page, page.get_by_role("link", name="Questions", exact=True))
    await press(page, add)
    editor = page.get_by_role("dialog")
    points = editor.get_by_label("Points", exact=True)
    await choose(page, editor.get_by_label("Kind"), "several of several")
    await write(page, editor.get_by_label("Question", exact=True), "Which are **prime**?")
    await write(page, editor.get_by_label("Option", exact=True).first, "Two")
    await write(page, editor.get_by_label("Option", exact=True).last, "Four")
    await expect(editor.get_by_role("checkbox", name="Two")).to_be_visible()
    await press(page, editor.get_by_role("button", name="Add an option"))
    await expect(editor.get_by_label("Option", exact=True).last).to_be_focused()
    await press(page, editor.get_by_role("button", name="Remove line 3"))
    await expect(editor.get_by_role("button", name="Add an option")).to_be_focused()
    await write(page, points, "-2")
    await press(page, editor.get_by_role("button", name="Save the question"))
    await expect(points).to_have_attribute("aria-invalid", "true")
    await expect(points).to_be_focused()
    await write(page, points, "2")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="6 questions")).to_be_visible()
    await expect(add).to_be_focused()


async def arrange(page: Page, exam: Locator) -> None:
    """Moved up and back, removed and put back, in a section that gets a name."""
    await press(page, exam.get_by_role("button", name="Up: 6."), "Shift+Tab")
    await expect(exam.get_by_role("button", name="Up: 5. Which are")).to_be_focused()
    await press(page, exam.get_by_role("button", name="Down: 5."))
    await expect(exam.get_by_role("button", name="Edit: 6. Which are")).to_be_focused()
    await press(page, exam.get_by_role("button", name="Remove: 6."))
    await expect(page.get_by_role("heading", name="5 questions")).to_be_visible()
    await expect(page.get_by_role("button", name="Put it back")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="6 questions")).to_be_visible()
    await press(page, exam.get_by_role("button", name="Add a section"))
    await write(page, page.get_by_role("dialog").get_by_label("Section"), "For later")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="For later")).to_be_visible()
    await press(page, exam.get_by_role("button", name="Remove: For later"), "Shift+Tab")
    await expect(page.get_by_role("heading", name="For later")).to_have_count(0)


async def try_it(page: Page) -> None:
    """As a student would, marked at once."""
    opened = page.get_by_role("button", name="Try it as a student")
    await press(page, opened)
    trial = page.get_by_role("dialog")
    for number in range(1, 6):
        await expect(trial.get_by_role("heading", name=f"Question {number}")).to_be_focused()
        await press(page, trial.get_by_role("button", name="Next"))
    await tick(page, trial.get_by_role("checkbox", name="Two"))
    await press(page, trial.get_by_role("button", name="Mark my answers"))
    await expect(trial.get_by_text("You chose “Two”")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(opened).to_be_focused()


async def add_a_slot(page: Page) -> None:
    await press(page, page.get_by_role("link", name="Slots"))
    await press(page, page.locator("summary", has_text="Add a slot"))
    begins = page.get_by_label("Begins")
    await write_date(page, begins, "05", "06", "2031", "09", "00", "AM")
    await expect(begins).to_have_value("2031-05-06T09:00")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("0 of 30 seats taken")).to_be_visible()
    change = page.get_by_role("button", name="Change seats")
    await press(page, change, "Shift+Tab")
    seats = page.get_by_role("dialog").get_by_label("Seats")
    await write(page, seats, "0")
    await page.keyboard.press("Enter")
    await expect(seats).to_have_attribute("aria-invalid", "true")
    await write(page, seats, "40")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("0 of 40 seats taken")).to_be_visible()
    await expect(change).to_be_focused()


async def publish(page: Page) -> None:
    button = page.get_by_role("main").get_by_role("button", name="Offer this version")
    await press(page, button)
    await press(page, page.get_by_role("dialog").get_by_role("button", name="Offer this version"))
    await expect(page.get_by_role("main").get_by_text("Offered")).to_be_visible()
    await expect(button).to_be_focused()


async def test_an_author_makes_an_exam_that_can_be_booked(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as author, watched(browser, stage.server) as student:
        page = await author.page("/sign-in")
        await sign_in(page, "author@demo.example")
        await press(page, page.get_by_role("link", name="Exams", exact=True))
        await press(page, page.get_by_role("button", name="New exam"))
        await write(page, page.get_by_role("dialog").get_by_label("Title"), "Made in the browser")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Made in the browser")).to_be_visible()

        await import_questions(page)
        await set_rules(page)
        await write_a_question(page)
        await arrange(page, page.get_by_role("main"))
        await try_it(page)
        await add_a_slot(page)
        await publish(page)

        booking = await student.page("/sign-in")
        await sign_in(booking, "student@demo.example")
        await press(booking, booking.get_by_role("link", name="Book an exam").first)
        offer = booking.get_by_role("listitem").filter(has_text="Made in the browser").first
        await expect(offer.get_by_text("45 minutes, 6 questions")).to_be_visible()


async def turn_proctor(page: Page, row: Locator) -> None:
    """Give the role, or take it; the focus comes back to the row."""
    await press(page, row.get_by_role("button", name="Roles"))
    await tick(page, page.get_by_role("dialog").get_by_label("proctor"))
    await press(page, page.get_by_role("button", name="Save"))


async def test_an_admin_gives_and_takes_a_role_and_sees_the_system(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as admin:
        page = await admin.page("/sign-in")
        await sign_in(page, "admin@demo.example")
        await press(page, page.get_by_role("link", name="People"))
        await write(page, page.get_by_label("Name, address or number"), "grader@demo")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("row")).to_have_count(2)
        row = page.get_by_role("row").filter(has_text="grader@demo.example")
        both = row.get_by_text("proctor, grader").or_(row.get_by_text("grader, proctor"))
        await turn_proctor(page, row)
        await expect(both).to_be_visible()
        await expect(row.get_by_role("button", name="Roles")).to_be_focused()
        await turn_proctor(page, row)
        await expect(both).to_have_count(0)

        await press(page, page.get_by_role("link", name="System"))

        await expect(page.get_by_role("row").filter(has_text="proctor-ml")).to_be_visible()
        again = page.get_by_role("button", name="Look again")
        await press(page, again)
        await expect(again).to_be_focused()
