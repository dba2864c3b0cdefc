"""Without a mouse: skipping the frame, signing in, booking, dialogs that keep the focus and give it back."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.browser import watched
from tests.e2e.keyboard import press, sign_in
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_the_frame_can_be_skipped(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as person:
        page = await person.page("/sign-in")
        await page.get_by_role("button", name="Sign in").wait_for()
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("main")).to_be_focused()


async def test_a_seat_is_booked_and_given_back_without_a_mouse(stage: Stage, browser: Browser) -> None:
    await stage.exam("Seat without a mouse", timedelta(minutes=10))
    async with watched(browser, stage.server) as person:
        page = await person.page("/sign-in")
        await sign_in(page, "student@demo.example")
        await press(page, page.get_by_role("link", name="Book an exam").first)
        await press(page, page.get_by_role("button", name="Book: Seat without a mouse"))
        await press(page, page.get_by_role("button", name="Confirm the seat"))
        await page.get_by_role("button", name="Start the check-in").wait_for()

        cancel = page.get_by_role("main").get_by_role("button", name="Cancel the booking")
        dialog = page.get_by_role("dialog")
        await press(page, cancel)
        await dialog.wait_for()
        for _ in range(4):
            await page.keyboard.press("Tab")
            assert await page.evaluate("!document.activeElement.closest('main, header')"), (
                "it keeps the focus"
            )
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await expect(cancel).to_be_focused()

        await page.keyboard.press("Enter")
        await press(page, dialog.get_by_role("button", name="Cancel the booking"))
        await expect(page.get_by_text("You gave this seat back.")).to_be_visible(timeout=20_000)
