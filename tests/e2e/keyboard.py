"""What somebody without a mouse does: go there with Tab, press Enter or Space, type, choose with the arrows."""

from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.e2e.stage import PASSWORD

MOST_TABS = 60
# Where the option with these words stands, counted from the one that is chosen.
STEPS = """(list, words) => {
  const place = [...list.options].findIndex((one) => one.label === words);
  if (place < 0) throw new Error(`there is no ${words}, but ${[...list.options].map((one) => one.label)}`);
  return place - list.selectedIndex;
}"""


async def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until the focus is there. Raises AssertionError when it never gets there."""
    await wanted.wait_for()
    await expect(wanted).to_be_enabled()  # Tab passes by what may not be pressed yet
    for _ in range(MOST_TABS):
        if await wanted.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press(key)
    raise AssertionError(f"{MOST_TABS} times {key} do not lead to {wanted}")


async def press(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Go there and press Enter."""
    await tab_to(page, wanted, key)
    await page.keyboard.press("Enter")


async def tick(page: Page, box: Locator) -> None:
    """Go to a box and turn it over."""
    await tab_to(page, box)
    await page.keyboard.press("Space")


async def write(page: Page, field: Locator, text: str) -> None:
    """Go to a field and type; what stands there is replaced."""
    await tab_to(page, field)
    await page.keyboard.press("Control+a")
    await page.keyboard.type(text)


async def paste(page: Page, field: Locator, text: str) -> None:
    """Go to a field and put a long text in place of what stands there."""
    await tab_to(page, field)
    await page.keyboard.press("Control+a")
    await page.keyboard.insert_text(text)


async def choose(page: Page, field: Locator, words: str) -> None:
    """Go to a list and down or up to the option with these words."""
    await tab_to(page, field)
    await field.get_by_role("option", name=words, exact=True).first.wait_for(state="attached")
    steps = int(await field.evaluate(STEPS, words))
    for _ in range(abs(steps)):
        await page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")


async def write_date(page: Page, field: Locator, *parts: str) -> None:
    """Go to a date and type its parts as the browser asks for them: month, day, year, and what follows.

    A part that is full leads to the next one by itself; a year never is.
    """
    await tab_to(page, field)
    for part in parts:
        await page.keyboard.type(part)
        if len(part) == len("2031"):
            await page.keyboard.press("ArrowRight")


async def hand_over(page: Page, field: Locator, file: Path) -> None:
    """Go to a field for a file and have the device ask for it."""
    async with page.expect_file_chooser() as asked:
        # Before the key: the browser must have learnt that somebody answers instead of its own dialog.
        await tab_to(page, field)
        await page.keyboard.press("Enter")
    await (await asked.value).set_files(file)


async def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Through the screen, from wherever it asks."""
    await write(page, page.get_by_label("E-mail address"), email)
    await write(page, page.get_by_label("Password"), password)
    await page.keyboard.press("Enter")
    await page.get_by_role("navigation", name="Main").wait_for()
