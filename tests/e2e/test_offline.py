"""The exam room on its worst day: reloaded without network, taken over by another device, cleared afterwards."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Playwright, expect

from tests.e2e.browser import watched
from tests.e2e.network import behind, network
from tests.e2e.stage import Stage, sign_in
from tests.e2e.test_exam import ESSAY, all_saved, answer, begin, check_in, hand_in, saved, sheltered

pytestmark = pytest.mark.asyncio(loop_scope="package")

RECORDED = timedelta(seconds=5)
LOOKS = 100  # at what a device keeps, five a second

KEPT = """async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    for (const store of database.objectStoreNames) {
      const count = await new Promise((resolve) => {
        const request = database.transaction(store).objectStore(store).count();
        request.onsuccess = () => resolve(request.result);
      });
      if (count) found.push(`${name}/${store}: ${count}`);
    }
    database.close();
  }
  found.push(...(await caches.keys()));
  found.push(...(await navigator.serviceWorker.getRegistrations()).map((each) => each.scope));
  found.push(...Object.keys(localStorage).filter((key) => /^pw-(owner|flags|hand)/.test(key)));
  return found;
}"""
CACHED = """async () => {
  const names = await caches.keys();
  const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return lists.flat().map((request) => new URL(request.url).pathname);
}"""


async def until_kept(page: Page, is_so: Callable[[list[str]], bool]) -> None:
    """Return once what this device keeps of an exam is so. Raises AssertionError."""
    found: list[str] = []
    for _ in range(LOOKS):
        found = await page.evaluate(KEPT)
        if is_so(found):
            return
        await page.wait_for_timeout(200)
    raise AssertionError(f"this device keeps {found}")


async def write_all(page: Page) -> None:
    """All questions on one page: the essay, and a choice of each of the others."""
    await page.get_by_role("button", name="Show all questions on one page").click()
    await expect(page.get_by_role("heading", name="Question 5")).to_be_visible()
    await page.get_by_label("Your text").fill(ESSAY)
    await page.locator("input[inputmode=decimal]").fill("3,14")
    for group in await page.locator("fieldset").all():
        await group.locator("input").first.check()
    await expect(page.get_by_text("5 of 5 answered")).to_be_visible()


async def test_a_reload_without_network_comes_back_into_the_room(
    stage: Stage, playwright: Playwright, film: Path
) -> None:
    await stage.exam("Cut off", admission="automatic")
    async with (
        network(stage.server) as line,
        behind(playwright, film, line, stage.server) as chromium,
        watched(chromium, stage.server) as person,
    ):
        page = await person.page("/sign-in")
        await sign_in(page, "student@demo.example")
        attempt_id = await check_in(page, "Cut off")
        await begin(page)
        await answer(page)
        await all_saved(stage, attempt_id, page, 1)
        await sheltered(page)
        cached: list[str] = await page.evaluate(CACHED)
        assert [path for path in cached if not path.startswith("/static/")] == ["/attempts/any/room"]

        line.cut()  # beside what Chromium plays: that lets some requests slip through while a page is reloaded
        await person.context.set_offline(True)
        await page.reload()
        await expect(page.get_by_text("1 of 5 answered")).to_be_visible(timeout=20_000)
        await expect(page.get_by_text("You're offline. Keep going.")).to_be_visible()
        await write_all(page)
        await until_kept(page, lambda kept: "proctorwise-answers/answer: 5" in kept)
        await page.reload()
        await expect(page.get_by_text("5 of 5 answered")).to_be_visible(timeout=20_000)
        await expect(page.get_by_role("heading", name="Question 5")).to_be_visible()
        assert len(await saved(stage, attempt_id)) == 1
        await page.wait_for_timeout(RECORDED.total_seconds() * 1000)

        line.go_on()
        await person.context.set_offline(False)
        await all_saved(stage, attempt_id, page, 5)
        await hand_in(page)
        await until_kept(page, lambda kept: not kept)


async def test_another_device_goes_on_and_the_first_does_not_take_it_back(
    stage: Stage, browser: Browser
) -> None:
    await stage.exam("Two devices", admission="automatic")
    async with watched(browser, stage.server) as first, watched(browser, stage.server) as second:
        page = await first.page("/sign-in")
        await sign_in(page, "student@demo.example")
        attempt_id = await check_in(page, "Two devices")
        await begin(page)
        await answer(page)
        await all_saved(stage, attempt_id, page, 1)
        await sheltered(page)
        await first.context.set_offline(True)
        await expect(page.get_by_text("You're offline. Keep going.")).to_be_visible(timeout=20_000)

        other = await second.page("/sign-in")
        await sign_in(other, "student@demo.example")
        await other.goto(f"{stage.server}/attempts/{attempt_id}/room")
        await expect(other.get_by_text("1 of 5 answered")).to_be_visible(timeout=20_000)
        await expect(other.get_by_text("Connected").first).to_be_visible(timeout=20_000)
        await first.context.set_offline(False)

        elsewhere = "This exam is open in another place"
        await expect(page.get_by_role("heading", name=elsewhere)).to_be_visible(timeout=30_000)
        await expect(page.get_by_role("button", name="Continue here")).to_be_visible()
        await other.get_by_role("button", name="Question 2: not answered").click()
        await answer(other)
        await all_saved(stage, attempt_id, other, 2)
        await expect(other.get_by_role("heading", name=elsewhere)).to_have_count(0)
        await stage.command("student", attempt_id, "submit")
