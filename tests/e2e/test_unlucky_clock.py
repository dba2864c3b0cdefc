"""A device whose clock is wrong: the server's time is shown, and only the server ends it."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Playwright, expect

from tests.e2e.stage import Stage
from tests.e2e.unlucky import (
    accused_of,
    asleep,
    at_home,
    clock_that_is_wrong,
    connected,
    essay,
    into_the_room,
    is_stored,
    on_a_bad_network,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")

# What a page makes of the server's words: how far it then is ahead of the device's own clock, in seconds.
HEARD = """async () => {
  const [script] = document.querySelectorAll('script[type="module"]');
  const { learn, hear, serverNow } = await import(new URL("../core/server-clock.js", script.src).href);
  const said = (seconds) => new Date(Date.now() + 1000 * seconds).toISOString();
  const apart = () => Math.round((serverNow() - Date.now()) / 1000);
  learn(said(1800), performance.now() - 40);
  const found = [apart()];
  for (const late of [1795, 1790]) {
    hear(said(late));
    found.push(apart());
  }
  learn(said(1799), performance.now() - 4000);
  found.push(apart());
  hear(said(2400));
  found.push(apart());
  learn(said(2400), performance.now() - 20);
  return [...found, apart()];
}"""
# What is said urgently from now on.
LISTEN = """() => {
  window.__said = [];
  const place = document.getElementById("urgent");
  const heard = () => place.textContent && window.__said.push(place.textContent);
  new MutationObserver(heard).observe(place, { childList: true });
}"""
# Until something was said; the page's policy forbids what Playwright's own waiting would evaluate.
SAID = "async () => { while (!window.__said.length) await new Promise((go) => setTimeout(go, 50)); }"
HALF_AN_HOUR = timedelta(minutes=30)
TIME_IS_UP = "Your time is up"


async def minutes_left(page: Page) -> int:
    """As the bar shows them."""
    await expect(page.get_by_role("timer")).to_contain_text("left")
    words = await page.get_by_role("timer").inner_text()
    return int(words.split(":")[0])


async def seconds_left(page: Page) -> int:
    """As the bar shows them."""
    minutes, seconds = (await page.get_by_role("timer").inner_text()).split()[0].split(":")
    return 60 * int(minutes) + int(seconds)


@pytest.mark.parametrize("wrong", [HALF_AN_HOUR, -HALF_AN_HOUR], ids=["fast", "slow"])
async def test_a_clock_that_is_half_an_hour_wrong_changes_nothing(
    stage: Stage, browser: Browser, wrong: timedelta
) -> None:
    async with at_home(browser, stage, clock_that_is_wrong(wrong)) as (_, page):
        attempt_id = await into_the_room(page, stage, f"Clock wrong by {wrong}")
        assert 26 <= await minutes_left(page) <= 30

        field = await essay(page)
        for ahead in (0, 3_600_000, -3_600_000):  # and is set in the middle of it
            await page.evaluate(f"window.__ahead = {ahead}")
            await field.fill(f"Typed with a clock {ahead} ms ahead.")
            await is_stored(stage, attempt_id, f"Typed with a clock {ahead} ms ahead.", 10)
            assert 25 <= await minutes_left(page) <= 30
        await connected(page)
        await expect(page.get_by_text(TIME_IS_UP)).to_have_count(0)
        assert await accused_of(stage, attempt_id) == set()
        await stage.command("student", attempt_id, "submit")


async def test_the_server_is_asked_before_time_is_up_and_may_disagree(
    stage: Stage, playwright: Playwright, film: Path
) -> None:
    async with on_a_bad_network(playwright, film, stage) as (line, person):
        page = await person.page("/sign-in")
        attempt_id = await into_the_room(page, stage, "Given time while away", duration="PT45S")
        field = await essay(page)
        line.cut()
        await stage.command("proctor", attempt_id, "extend", {"by": "PT1M", "reason": "The network is away."})
        await expect(page.get_by_text("By our last word from the server").first).to_be_visible(timeout=90_000)
        await expect(page.get_by_text(TIME_IS_UP)).to_have_count(0)
        await field.fill("Typed after this device's count was at its end.")

        line.go_on()
        await is_stored(stage, attempt_id, "Typed after this device's count was at its end.", 30)
        await expect(page.get_by_text("You have been given more time").first).to_be_visible()
        await expect(page.locator(".notes").get_by_text("By our last word")).to_have_count(0)
        await expect(page.get_by_text(TIME_IS_UP).or_(page.get_by_text("Handed in")).first).to_be_visible(
            timeout=120_000
        )
        await stage.reached(attempt_id, "submitted")


async def test_the_time_that_is_left_is_said_on_entering_and_at_a_mark(
    stage: Stage, browser: Browser
) -> None:
    async with at_home(browser, stage) as (_, page):
        attempt_id = await into_the_room(page, stage, "Time said aloud", duration="PT75S")
        said = page.locator("#urgent")
        await expect(said).to_contain_text("left.")
        assert "30 minutes" not in await said.inner_text()
        await expect(said).to_have_text("1 minute left.", timeout=60_000)
        await stage.command("student", attempt_id, "submit")


async def test_a_mark_that_was_passed_asleep_is_said_once_with_the_time_that_is_left(
    stage: Stage, browser: Browser
) -> None:
    async with at_home(browser, stage) as (person, page):
        attempt_id = await into_the_room(page, stage, "Asleep over a mark", duration="PT312S")
        await expect(page.locator("#urgent")).to_contain_text("left.")
        await page.evaluate(LISTEN)
        session = await person.context.new_cdp_session(page)
        await asleep(session, await seconds_left(page) - 300 + 6)
        await page.evaluate(SAID)
        shown = await seconds_left(page)
        await asyncio.sleep(2)  # in which nothing more may be said

        [said] = await page.evaluate("window.__said")
        minutes, seconds = re.findall(r"\d+", said)
        assert 0 <= 60 * int(minutes) + int(seconds) - shown <= 2, (said, shown)
        await stage.command("student", attempt_id, "submit")


async def test_late_words_move_nothing_and_a_clock_that_slept_is_right_at_once(
    stage: Stage, browser: Browser
) -> None:
    async with at_home(browser, stage) as (_, page):
        found = await page.evaluate(HEARD)

    assert found == [1800, 1800, 1800, 1800, 2400, 2400]
