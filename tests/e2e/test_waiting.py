"""A full slot without a mouse: joining its waiting list, leaving it, and moving up when a seat is added."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from api.demo.mailbox import OutboxMailbox, awaited
from tests.e2e.browser import watched
from tests.e2e.keyboard import press, sign_in
from tests.e2e.stage import API, Stage

pytestmark = pytest.mark.asyncio(loop_scope="package")

STUDENT = "student@demo.example"
TITLE = "One seat only"


async def full_slot(stage: Stage) -> str:
    """An exam whose later slot has a single seat, and its slot."""
    exam_id = await stage.exam(TITLE, timedelta(days=2))
    starts = datetime.now(UTC) + timedelta(days=3)
    window = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=2)).isoformat()}
    slot = await stage.people["author"].post(f"{API}/slots", {"exam_id": exam_id, "seats": 1, **window})
    return str(slot["slot_id"])


async def nobody_waits(stage: Stage, slot_id: str) -> None:
    """The list of exams says so too; it looks once."""
    async with asyncio.timeout(60):
        while (await stage.people["author"].get(f"{API}/slots/{slot_id}"))["waiting"]:
            await asyncio.sleep(0.1)


async def join(page: Page) -> None:
    """From the list of exams."""
    await press(page, page.get_by_role("link", name="Book an exam").first)
    await page.get_by_text("Full. Nobody is waiting yet.").wait_for()
    await press(page, page.get_by_role("button", name=f"Join the waiting list: {TITLE}"))
    await expect(page.get_by_text("Number 1 on the waiting list")).to_be_visible(timeout=20_000)


async def test_a_full_slot_is_waited_for_until_its_seat_comes(stage: Stage, browser: Browser) -> None:
    slot_id = await full_slot(stage)
    slot = await stage.people["author"].get(f"{API}/slots/{slot_id}")
    holder = await stage.registered("Rosa Lind", "rosa@many.example")
    await holder.post(f"{API}/attempts", {"exam_id": slot["exam_id"], "slot_id": slot_id})
    await holder.leave()

    async with watched(browser, stage.server) as person:
        page = await person.page("/sign-in")
        await sign_in(page, STUDENT)
        await join(page)
        await press(page, page.get_by_role("button", name="Leave the waiting list"))
        await press(page, page.get_by_role("dialog").get_by_role("button", name="Leave the waiting list"))
        await expect(page.get_by_text("You left the waiting list.")).to_be_visible(timeout=20_000)
        await nobody_waits(stage, slot_id)

        await join(page)
        await stage.people["author"].call("PUT", f"{API}/slots/{slot_id}/seats", json={"seats": 2})
        await expect(page.get_by_role("main").get_by_text("Seat held for you")).to_be_visible(timeout=20_000)
        await press(page, page.get_by_role("button", name="Confirm the seat"))
        await page.get_by_role("button", name="Cancel the booking").wait_for()
        bell = (await person.page("/notifications")).get_by_role("main")
        await expect(bell.get_by_text(f"A seat for {TITLE} is free for you.")).to_be_visible(timeout=20_000)
    await awaited(OutboxMailbox(stage.people["admin"]), STUDENT, f"A seat for {TITLE} is free")
