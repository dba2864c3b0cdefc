"""Nothing typed is lost, however one types and leaves."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.stage import Stage
from tests.e2e.unlucky import WITHIN, at_home, essay, into_the_room, is_stored, stored_text

pytestmark = pytest.mark.asyncio(loop_scope="package")

SLACK = 2.0  # seconds that two shared cores may add
WORDS = "Whoever never rests is saved all the same. "
PASTE = """async (text) => {
  const field = document.activeElement;
  document.execCommand("insertText", false, text);
}"""
FILLED_IN = """(text) => {
  document.querySelector("textarea#answer").value = text;
  document.querySelector("textarea#answer").blur();
}"""


async def type_without_rest(page: Page, stop: asyncio.Event) -> None:
    while not stop.is_set():
        for letter in WORDS:
            await page.keyboard.type(letter)
            await asyncio.sleep(0.12)


async def test_who_types_without_a_rest_is_saved_within_three_seconds(stage: Stage, browser: Browser) -> None:
    async with at_home(browser, stage) as (_, page):
        attempt_id = await into_the_room(page, stage, "Typed without a rest")
        field = await essay(page)
        await field.focus()
        stop = asyncio.Event()
        typing = asyncio.create_task(type_without_rest(page, stop))
        loop = asyncio.get_running_loop()
        behind: list[float] = []
        for _ in range(3):
            await asyncio.sleep(3)
            wanted, asked = await field.input_value(), loop.time()
            while not (await stored_text(stage, attempt_id)).startswith(wanted):
                assert loop.time() - asked < 30
                await asyncio.sleep(0.05)
            behind.append(loop.time() - asked)
        stop.set()
        await typing

        assert max(behind) < WITHIN + SLACK, f"behind by {behind} s"
        await stage.command("student", attempt_id, "submit")


async def test_every_way_of_typing_arrives_and_what_is_too_long_is_said(
    stage: Stage, browser: Browser
) -> None:
    async with at_home(browser, stage) as (person, page):
        attempt_id = await into_the_room(page, stage, "Ways of typing")
        session = await person.context.new_cdp_session(page)
        field = await essay(page)
        await field.focus()

        await session.send(
            "Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2}
        )
        await session.send("Input.insertText", {"text": "日本"})
        await is_stored(stage, attempt_id, "日本", WITHIN + SLACK)
        await page.evaluate(PASTE, " pasted 😀")
        await is_stored(stage, attempt_id, "日本 pasted 😀", WITHIN + SLACK)
        await page.keyboard.press("Control+z")
        undone = await field.input_value()
        assert undone != "日本 pasted 😀"
        await is_stored(stage, attempt_id, undone, WITHIN + SLACK)
        await page.evaluate(FILLED_IN, "Filled in by a program without a word.")
        await is_stored(stage, attempt_id, "Filled in by a program without a word.", WITHIN + SLACK)

        await field.fill("😀" * 20_000)  # counted as the server counts
        await is_stored(stage, attempt_id, "😀" * 20_000, WITHIN + SLACK)
        long = "All of it. " * 2_000
        await field.fill(long)
        await expect(page.get_by_text("2,000 characters too long.").first).to_be_visible()
        assert await field.input_value() == long
        await page.reload()
        await essay(page)
        assert await field.input_value() == long
        assert await stored_text(stage, attempt_id) == "😀" * 20_000
        await field.fill("Shortened.")
        await is_stored(stage, attempt_id, "Shortened.", WITHIN + SLACK)
        await stage.command("student", attempt_id, "submit")


async def close(page: Page) -> None:
    """As a person closes a tab: the page hears of it."""
    async with page.expect_event("close"):
        await page.close(run_before_unload=True)


async def test_a_tab_closed_while_typing_leaves_what_was_typed(stage: Stage, browser: Browser) -> None:
    async with at_home(browser, stage) as (person, page):
        attempt_id = await into_the_room(page, stage, "Closed while typing")
        field = await essay(page)
        await field.press_sequentially("Typed a moment before the tab was closed.")
        await close(page)
        await is_stored(stage, attempt_id, "Typed a moment before the tab was closed.", WITHIN + SLACK)

        again = await person.page(f"/attempts/{attempt_id}/room")
        field = await essay(again)
        await expect(field).to_have_value("Typed a moment before the tab was closed.")
        await person.context.set_offline(True)
        long = "Written without network, longer than a browser sends for a page that goes. " * 260
        await field.fill(long)
        await close(again)
        await person.context.set_offline(False)
        home = await person.page("/")  # any screen sends what waits
        await is_stored(stage, attempt_id, long, 10 + SLACK)
        await home.close()
        await stage.command("student", attempt_id, "submit")


async def test_what_a_pause_refused_is_sent_when_the_exam_goes_on(stage: Stage, browser: Browser) -> None:
    async with at_home(browser, stage) as (person, page):
        attempt_id = await into_the_room(page, stage, "Paused in the middle")
        field = await essay(page)
        await person.context.set_offline(True)
        await stage.command("proctor", attempt_id, "pause", {"reason": "Who is at the door?"})
        await asyncio.sleep(4)  # what comes within three seconds of the stop was on its way
        await field.fill("Typed while nobody could know of the pause.")
        await person.context.set_offline(False)
        await expect(page.get_by_role("heading", name="Your exam is paused")).to_be_visible()
        await expect(page.get_by_text("sent when the exam goes on")).to_be_visible(timeout=20_000)
        assert await stored_text(stage, attempt_id) == ""

        await page.get_by_role("button", name="I am ready to go on").click()
        await expect(page.get_by_text("It goes on as soon as a proctor agrees.")).to_be_visible()
        await stage.command("proctor", attempt_id, "resume")
        await is_stored(stage, attempt_id, "Typed while nobody could know of the pause.", 20)
        await expect(page.get_by_label("Your text")).to_have_value(
            "Typed while nobody could know of the pause."
        )
        await stage.command("student", attempt_id, "submit")
