"""A network that drops, changes and half-works in any order: the tab stays the exam's place, and nobody is accused."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Playwright, expect

from tests.e2e.network import Network
from tests.e2e.stage import Stage, sign_in
from tests.e2e.unlucky import (
    ELSEWHERE,
    accused_of,
    asleep,
    at_home,
    connected,
    essay,
    into_the_room,
    is_stored,
    on_a_bad_network,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")

BACK_WITHIN = 45.0  # seconds: a dead connection is noticed after ten, and the machine has other things to do
NEVER_ELSEWHERE = """(words) => {
  window.__elsewhere = false;
  const look = () => { window.__elsewhere ||= document.body.innerText.includes(words); };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


async def type_more(page: Page, words: str) -> str:
    """At the end of the essay; all of it."""
    field = page.get_by_label("Your text")
    await field.focus()
    await page.keyboard.press("Control+End")
    await page.keyboard.type(words, delay=20)
    return await field.input_value()


async def test_twenty_seconds_without_wifi_and_a_flickering_one(stage: Stage, browser: Browser) -> None:
    async with at_home(browser, stage) as (person, page):
        attempt_id = await into_the_room(page, stage, "Wi-Fi that drops")
        await essay(page)
        await page.evaluate(NEVER_ELSEWHERE, ELSEWHERE)
        await type_more(page, "Before. ")

        await person.context.set_offline(True)
        await expect(page.get_by_text("You're offline. Keep going.")).to_be_visible(timeout=30_000)
        text = await type_more(page, "While it was away. ")
        await asyncio.sleep(20)  # the kind of absence that threw people out
        await person.context.set_offline(False)
        await is_stored(stage, attempt_id, text, BACK_WITHIN)
        await connected(page)

        for pause in (0.1, 1.2, 0.3, 2.0, 0.05):
            await person.context.set_offline(True)
            await asyncio.sleep(pause)
            await person.context.set_offline(False)
            await page.evaluate("dispatchEvent(new Event('online'))")
            await asyncio.sleep(pause / 2)
        text = await type_more(page, "After it flickered.")
        await is_stored(stage, attempt_id, text, BACK_WITHIN)
        await connected(page)

        assert await page.evaluate("window.__elsewhere") is False
        assert await accused_of(stage, attempt_id) == set()
        await stage.command("student", attempt_id, "submit")


async def hurt(line: Network, page: Page, how: str) -> None:
    """One of the ways in which a network goes wrong; afterwards new connections work."""
    if how == "frozen":
        line.stop()
    elif how == "cut":
        line.cut()
    else:
        line.catch()
    await type_more(page, f"{how}. ")
    await expect(page.get_by_text("You're offline. Keep going.")).to_be_visible(timeout=60_000)
    line.go_on()
    await page.evaluate("dispatchEvent(new Event('online'))")


async def test_frozen_and_cut_connections_a_captive_portal_and_sleep(
    stage: Stage, playwright: Playwright, film: Path
) -> None:
    async with on_a_bad_network(playwright, film, stage) as (line, person):
        page = await person.page("/sign-in")
        attempt_id = await into_the_room(page, stage, "A bad network")
        session = await person.context.new_cdp_session(page)
        await essay(page)
        await page.evaluate(NEVER_ELSEWHERE, ELSEWHERE)

        for how in ("frozen", "captive", "cut"):
            await hurt(line, page, how)
            await is_stored(stage, attempt_id, await type_more(page, ""), BACK_WITHIN)
            await connected(page)

        text = await type_more(page, "Good night. ")
        line.cut()
        await asleep(session, 12)
        line.go_on()
        await is_stored(stage, attempt_id, text, BACK_WITHIN)
        await connected(page)
        await is_stored(stage, attempt_id, await type_more(page, "Good morning."), BACK_WITHIN)

        assert await page.evaluate("window.__elsewhere") is False
        assert await accused_of(stage, attempt_id) == set()
        await stage.command("student", attempt_id, "submit")


async def test_an_answer_to_this_pages_beginning_that_gets_lost_is_no_other_place(
    stage: Stage, playwright: Playwright, film: Path
) -> None:
    async with on_a_bad_network(playwright, film, stage) as (line, person):
        page = await person.page("/sign-in")
        attempt_id = await into_the_room(page, stage, "Half a network")
        lost = False

        async def lose(route: object) -> None:
            nonlocal lost
            if lost:
                await route.continue_()  # type: ignore[attr-defined]
                return
            lost = True
            await route.fetch()  # type: ignore[attr-defined]
            await route.abort()  # type: ignore[attr-defined]

        await person.context.route("**/answer-epoch", lose)
        await page.reload()
        await essay(page)
        text = await type_more(page, "The server heard it, and nobody heard the server.")
        line.cut()
        line.go_on()
        await is_stored(stage, attempt_id, text, BACK_WITHIN)
        await connected(page)

        assert lost
        await expect(page.get_by_role("heading", name=ELSEWHERE)).to_have_count(0)
        await stage.command("student", attempt_id, "submit")


async def test_a_real_second_device_ends_a_tab_whose_network_flickers(stage: Stage, browser: Browser) -> None:
    async with at_home(browser, stage) as (first, page), at_home(browser, stage) as (_, other):
        attempt_id = await into_the_room(page, stage, "Two real devices")
        await first.context.set_offline(True)
        await first.context.set_offline(False)
        await sign_in(other, "student@demo.example")
        await other.goto(f"{stage.server}/attempts/{attempt_id}/room")
        await expect(other.get_by_role("heading", name="Question 1")).to_be_visible()
        await connected(other)

        await expect(page.get_by_role("heading", name=ELSEWHERE)).to_be_visible()
        await first.context.set_offline(True)
        await first.context.set_offline(False)
        await page.evaluate("dispatchEvent(new Event('online'))")
        await is_stored(stage, attempt_id, await _write(other), BACK_WITHIN)
        await expect(other.get_by_role("heading", name=ELSEWHERE)).to_have_count(0)
        await stage.command("student", attempt_id, "submit")


async def _write(page: Page) -> str:
    await essay(page)
    return await type_more(page, "On the other device.")
