"""A proctor's wall beside a student's room: what one does, the other sees."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import watched
from tests.e2e.stage import Stage, sign_in
from tests.e2e.test_exam import begin, check_in

pytestmark = pytest.mark.asyncio(loop_scope="package")

SEEN_WITHIN = 2.0  # seconds from an incident's opening to its alert


async def opened(stage: Stage, attempt_id: str, kind: str) -> dict[str, Any]:
    """The first incident of a kind, as soon as the interface has it."""
    path = f"/api/monitoring/attempts/{attempt_id}/incidents"
    async with asyncio.timeout(90):
        while True:
            incidents = (await stage.people["admin"].get(path))["items"]
            for incident in incidents:
                if incident["kind"] == kind:
                    return dict(incident)
            await asyncio.sleep(0.1)


async def act(page: Page, name: str, **fields: str) -> None:
    """A proctor's act in the pane, confirmed and acknowledged."""
    pane = page.get_by_role("complementary", name="Selected attempt")
    await pane.get_by_role("button", name=name, exact=True).click()
    dialog = page.get_by_role("dialog")
    for label, value in fields.items():
        await dialog.get_by_label(label).fill(value)
    await dialog.get_by_role("button", name=name, exact=True).click()
    await expect(dialog.get_by_text("Done")).to_be_visible(timeout=30_000)
    await dialog.get_by_role("button", name="Close").click()


async def test_a_proctor_lets_in_sees_the_second_person_pauses_and_gives_time(
    stage: Stage, browser: Browser
) -> None:
    exam_id = await stage.exam("Watched exam")
    slots = await stage.people["proctor"].get("/api/reservations/slots", exam_id=exam_id)
    async with watched(browser, stage.server) as student, watched(browser, stage.server) as proctor:
        room = await student.page("/sign-in")
        await sign_in(room, "student@demo.example")
        wall = await proctor.page(f"/wall/{slots['items'][0]['slot_id']}")
        await sign_in(wall, "proctor@demo.example")
        attempt_id = await check_in(room, "Watched exam")

        await wall.get_by_role("button", name="Sam Student").click(timeout=20_000)
        await expect(wall.get_by_alt_text("Identity photo of Sam Student")).to_be_visible(timeout=20_000)
        beside = wall.get_by_role("complementary").get_by_alt_text("Camera of Sam Student")
        await expect(beside).to_be_visible(timeout=20_000)
        await act(wall, "Let in")
        await begin(room)

        await opened(stage, attempt_id, "multiple_faces")
        alert = wall.get_by_role("button", name="A second person").first
        await expect(alert).to_be_visible(timeout=SEEN_WITHIN * 1000)
        await act(wall, "Pause", Reason="Is somebody with you?")
        await expect(room.get_by_role("heading", name="Your exam is paused")).to_be_visible(timeout=20_000)
        await room.get_by_role("button", name="I am ready to go on").click()
        await act(wall, "Let go on")
        await expect(room.get_by_role("heading", name="Question 1")).to_be_visible(timeout=20_000)
        await act(wall, "Give time", Minutes="7")
        await expect(room.get_by_text("You have been given more time").first).to_be_visible(timeout=20_000)
        await stage.command("student", attempt_id, "submit")
