"""What somebody without a mouse does: go there with Tab, press Enter, type."""

from playwright.async_api import Locator, Page

MOST_TABS = 60


async def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there. Raises AssertionError when it never gets there."""
    await wanted.wait_for()
    for _ in range(MOST_TABS):
        if await wanted.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} times Tab do not lead to {wanted}")


async def press(page: Page, wanted: Locator) -> None:
    """Go there and press Enter."""
    await tab_to(page, wanted)
    await page.keyboard.press("Enter")


async def write(page: Page, field: Locator, text: str) -> None:
    """Go to a field and type."""
    await tab_to(page, field)
    await page.keyboard.type(text)
