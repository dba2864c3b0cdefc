"""A whole exam without a pointer: from the check-in to handing in, by the keys that the room tells of."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import watched
from tests.e2e.keyboard import sign_in
from tests.e2e.stage import Stage
from tests.e2e.test_exam import ESSAY, all_saved

pytestmark = pytest.mark.asyncio(loop_scope="package")

MOST_STOPS = 60
NAME = """() => {
  const at = document.activeElement;
  const label = at.labels?.[0]?.textContent ?? "";
  return at.matches("button, a, input, textarea, summary") ? (at.getAttribute("aria-label") ?? (label || at.textContent)).trim() : "";
}"""  # noqa: E501


async def reach(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    found = []
    for _ in range(MOST_STOPS):
        found.append(await page.evaluate(NAME))
        if found[-1].startswith(name):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {name!r}, but to {found}")


async def press(page: Page, name: str, key: str = "Enter") -> None:
    """Go to a button or a box with Tab, and press it, once it is there."""
    await expect(page.get_by_text(name).or_(page.get_by_label(name)).first).to_be_visible(timeout=30_000)
    await reach(page, name)
    await page.keyboard.press(key)


async def check_in(page: Page) -> None:
    """Picture, consent, in."""
    await press(page, "Start the check-in")
    await press(page, "Take the picture")
    await press(page, "Use this picture")
    await press(page, "I have read this", "Space")
    await press(page, "Agree and ask to be let in")
    await press(page, "Begin the exam")
    await expect(page.get_by_role("heading", name="Question 1")).to_be_visible(timeout=30_000)


async def write(page: Page) -> None:
    """Answer the open question by its kind; what is typed is never taken for a key of the room."""
    if await page.get_by_label("Your text").count():
        await reach(page, "Your text")
        await page.keyboard.type(f"{ESSAY} f 1 ?")
        await expect(page.get_by_label("Your text")).to_have_value(f"{ESSAY} f 1 ?")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await reach(page, "⚑ Flag for later")
    elif await page.get_by_label("Your number").count():
        await reach(page, "Your number")
        await page.keyboard.type("3.14")
        await reach(page, "⚑ Flag for later")
    else:
        await page.keyboard.press("1")
        await expect(page.locator("fieldset input").first).to_be_checked()


async def learn_the_keys(page: Page) -> None:
    """The list of keys, and turning single keys off and on again."""
    await page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys in the exam room")
    await expect(keys.get_by_text("Next question")).to_be_visible()
    await press(page, "Single keys work", "Space")
    await page.keyboard.press("Escape")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("heading", name="Question 1")).to_be_visible()
    await press(page, "Keys (?)")
    await press(page, "Single keys work", "Space")
    await page.keyboard.press("Escape")
    await expect(keys).to_have_count(0)
    await page.keyboard.press("ArrowLeft")


async def test_an_exam_by_keyboard_from_the_check_in_to_handing_in(stage: Stage, browser: Browser) -> None:
    await stage.exam("No pointer", admission="automatic")
    async with watched(browser, stage.server) as person:
        page = await person.page("/sign-in")
        await sign_in(page, "student@demo.example")
        await page.goto(f"{stage.server}/exams")
        await press(page, "Book: No pointer")
        await press(page, "Confirm the seat")
        await check_in(page)
        attempt_id = page.url.split("/")[-2]
        await learn_the_keys(page)
        await page.keyboard.press("f")
        await expect(page.get_by_role("button", name="Question 1: not answered, flagged")).to_be_visible()
        for number in range(1, 6):
            await expect(page.get_by_role("heading", name=f"Question {number}")).to_be_focused()
            await write(page)
            await page.keyboard.press("ArrowRight")
        await all_saved(stage, attempt_id, page, 5)
        await expect(page.get_by_text("All questions are answered.")).to_be_visible()
        await expect(page.get_by_text("1 question is flagged for later.")).to_be_visible()

        await page.keyboard.press("ArrowLeft")
        await expect(page.get_by_role("heading", name="Question 5")).to_be_focused()
        await page.keyboard.press("ArrowRight")
        await press(page, "Hand in")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await reach(page, "Hand in")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Handed in").first).to_be_visible(timeout=30_000)
