"""An exam from booking to the result, with a network that goes away, in a real browser with a camera."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from api.demo.mailbox import OutboxMailbox, awaited
from tests.e2e.browser import Watched, watched
from tests.e2e.stage import Stage, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="package")

OFFLINE = timedelta(seconds=60)
# The worker that keeps the room for a reload without network; until it is there it asks for the room's files.
SHELTERED = """navigator.serviceWorker.ready.then(({ active }) => new Promise((resolve) => {
  const look = () => active.state === "activated" && resolve(true);
  active.addEventListener("statechange", look);
  look();
}))"""
ESSAY = "Every oscillator drifts, each at its own rate."


async def check_in(page: Page, title: str) -> str:
    """Book, confirm, show what is asked for; the attempt's id."""
    await page.get_by_role("link", name="Book an exam").first.click()
    await page.get_by_role("button", name=f"Book: {title}").first.click()
    await page.get_by_role("button", name="Confirm the seat").click()
    attempt_id = page.url.rsplit("/", 1)[-1]
    await page.get_by_role("button", name="Start the check-in").click()
    await page.get_by_role("button", name="Take the picture").click(timeout=30_000)
    await page.get_by_role("button", name="Use this picture").click()
    await page.get_by_label("I have read this").check()
    await page.get_by_role("button", name="Agree and ask to be let in").click()
    return attempt_id


async def begin(page: Page) -> None:
    """Into the room, once let in."""
    await page.get_by_role("button", name="Begin the exam").click(timeout=60_000)
    await expect(page.get_by_role("heading", name="Question 1")).to_be_visible(timeout=30_000)
    await expect(page.get_by_text("Connected").first).to_be_visible()


async def hand_in(page: Page) -> None:
    """By the review and its question."""
    await page.get_by_role("button", name="Review and hand in").first.click()
    await expect(page.get_by_text("All questions are answered.")).to_be_visible()
    await page.get_by_role("button", name="Hand in", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Hand in").click()
    await expect(page.get_by_text("Handed in").first).to_be_visible(timeout=30_000)


async def answer(page: Page) -> None:
    """Answer the open question, whatever kind it is."""
    if await page.locator("textarea#answer").count():
        await page.locator("textarea#answer").fill(ESSAY)
    elif await page.locator("input#answer").count():
        await page.locator("input#answer").fill("3,14")
    else:
        await page.keyboard.press("1")


async def sheltered(page: Page) -> None:
    """The room is kept on this device."""
    assert await page.evaluate(SHELTERED)


async def recorded(stage: Stage, attempt_id: str, length: timedelta) -> None:
    """The server has more pictures than an attempt of this length has, at one a second."""
    path = f"/api/monitoring/attempts/{attempt_id}/frames"
    async with asyncio.timeout(60):
        while len((await stage.people["proctor"].get(path, limit=2000))["items"]) <= length.total_seconds():
            await asyncio.sleep(0.5)


async def saved(stage: Stage, attempt_id: str) -> dict[str, Any]:
    """The student's answers as the server has them."""
    found = await stage.people["student"].get(f"/api/corrections/attempts/{attempt_id}/answers")
    return {item["question_id"]: item["value"] for item in found["items"]}


async def all_saved(stage: Stage, attempt_id: str, page: Page, count: int) -> None:
    """The server has so many answers, and the room says that all are saved."""
    async with asyncio.timeout(60):
        while len(await saved(stage, attempt_id)) < count:
            await asyncio.sleep(0.2)
    await expect(page.get_by_text("All answers saved")).to_be_visible()


async def write_without_network(person: Watched, page: Page, stage: Stage, attempt_id: str) -> None:
    """Three answers while the network is away for a minute; the server gets them afterwards."""
    await sheltered(page)
    await person.context.set_offline(True)
    for _ in range(3):
        await page.get_by_role("button", name="Next", exact=True).click()
        await answer(page)
    await expect(page.get_by_text("answers will be sent when you're back")).to_be_visible(timeout=20_000)
    await asyncio.sleep(OFFLINE.total_seconds())
    assert len(await saved(stage, attempt_id)) == 1
    await person.context.set_offline(False)
    await all_saved(stage, attempt_id, page, 4)


async def called_in_vain(stage: Stage, attempt_id: str) -> None:
    """Nobody has answered the raised hand for a minute, so the proctor finds it behind the bell and in the mail."""
    async with asyncio.timeout(60):
        while True:
            listed = await stage.people["proctor"].get("/api/notifications")
            calls = [one for one in listed["items"] if one["kind"] == "call_unanswered"]
            if any(call["link"] == f"/attempts/{attempt_id}" for call in calls):
                break
            await asyncio.sleep(0.5)
    mails = OutboxMailbox(stage.people["admin"])
    await awaited(mails, "proctor@demo.example", "A student asks for help: Offline exam")


async def test_from_booking_to_handing_in_with_the_network_away(stage: Stage, browser: Browser) -> None:
    await stage.exam("Offline exam")
    async with watched(browser, stage.server) as person:
        page = await person.page("/sign-in")
        await sign_in(page, "student@demo.example")
        attempt_id = await check_in(page, "Offline exam")
        await expect(page.get_by_text("You are number 1 in the queue.").first).to_be_visible(timeout=20_000)
        await stage.command("proctor", attempt_id, "admit")
        await begin(page)
        await answer(page)
        await all_saved(stage, attempt_id, page, 1)
        await page.get_by_role("button", name="Raise hand").first.click()
        await expect(page.get_by_text("Your hand is up since").first).to_be_visible()
        await write_without_network(person, page, stage, attempt_id)
        await called_in_vain(stage, attempt_id)

        await page.reload()
        await expect(page.get_by_text("4 of 5 answered")).to_be_visible(timeout=30_000)
        await page.get_by_role("button", name="Question 5: not answered").click()
        await answer(page)
        await all_saved(stage, attempt_id, page, 5)
        await hand_in(page)

        await recorded(stage, attempt_id, OFFLINE * 0.9)  # the pictures of the minute came afterwards


async def test_a_second_window_is_refused(stage: Stage, browser: Browser) -> None:
    await stage.exam("One window", admission="automatic")
    async with watched(browser, stage.server) as person:
        page = await person.page("/sign-in")
        await sign_in(page, "student@demo.example")
        attempt_id = await check_in(page, "One window")
        await begin(page)

        second = await person.page(f"/attempts/{attempt_id}/room")
        await expect(second.get_by_role("heading", name="This exam is open in another place")).to_be_visible()
        await page.close()
        await second.get_by_role("button", name="Continue here").click()

        await expect(second.get_by_role("heading", name="Question 1")).to_be_visible(timeout=30_000)
        await stage.command("student", attempt_id, "submit")
