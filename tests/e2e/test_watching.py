"""By keyboard: a proctor's wall beside a student's room: what one does, the other sees."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.browser import watched
from tests.e2e.keyboard import choose, press, sign_in, tick, write
from tests.e2e.stage import Stage
from tests.e2e.test_exam import begin, check_in

pytestmark = pytest.mark.asyncio(loop_scope="package")

SEEN_WITHIN = 2.0  # seconds from an incident's opening to its alert
LOOK = 0.1


async def opened(stage: Stage, attempt_id: str, kind: str) -> dict[str, Any]:
    """The first incident of a kind, as soon as the interface has it."""
    path = f"/api/monitoring/attempts/{attempt_id}/incidents"
    async with asyncio.timeout(150):  # the camera's film shows each scene once a minute
        while True:
            incidents = (await stage.people["admin"].get(path))["items"]
            for incident in incidents:
                if incident["kind"] == kind:
                    return dict(incident)
            await asyncio.sleep(0.1)


async def seen_in_time(alert: Locator) -> None:
    """Looked for ten times a second for so long; while the machine stands still nobody looks, and no time passes."""
    for _ in range(round(SEEN_WITHIN / LOOK)):
        if await alert.is_visible():
            return
        await asyncio.sleep(LOOK)
    raise AssertionError(f"{alert} was not there within {SEEN_WITHIN} s")


async def act(page: Page, name: str, **fields: str) -> None:
    """A proctor's act in the pane, confirmed and acknowledged; the focus is in the pane again."""
    pane = page.get_by_role("complementary", name="Selected attempt")
    await press(page, pane.get_by_role("button", name=name, exact=True))
    dialog = page.get_by_role("dialog")
    for label, value in fields.items():
        field = dialog.get_by_label(label.replace("_", " "))
        await (choose if label == "Which_step" else write)(page, field, value)
    await press(page, dialog.get_by_role("button", name=name, exact=True))
    await expect(dialog.get_by_text("Done")).to_be_visible(timeout=30_000)
    await expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(pane.locator(":focus")).to_have_count(1)


async def look_at_evidence(wall: Page, pane: Locator) -> None:
    """The pictures of the second person, then what the software saw in them."""
    row = pane.get_by_role("listitem").filter(has_text="A second person").first
    await press(wall, row.locator("summary"))
    at_the_start = row.get_by_role("img", name="At the start")
    await expect(at_the_start).to_have_js_property("width", 640)
    plain = await at_the_start.evaluate("one => one.toDataURL()")
    await tick(wall, row.get_by_role("checkbox", name="Show what the software saw"))
    assert await at_the_start.evaluate("one => one.toDataURL()") != plain


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

        await press(wall, wall.get_by_role("button", name="Sam Student"))
        pane = wall.get_by_role("complementary", name="Selected attempt")
        await expect(pane.get_by_role("heading", name="Sam Student")).to_be_focused()
        await expect(wall.get_by_alt_text("Identity photo of Sam Student")).to_be_visible(timeout=20_000)
        beside = wall.get_by_role("complementary").get_by_alt_text("Camera of Sam Student")
        await expect(beside).to_be_visible(timeout=20_000)
        await act(wall, "Let in")
        await begin(room)

        await opened(stage, attempt_id, "multiple_faces")
        await seen_in_time(wall.get_by_role("button", name="A second person").first)
        await press(wall, wall.get_by_role("button", name="I have seen it: Sam Student").first, "Shift+Tab")
        await expect(
            wall.get_by_role("region", name="Critical incidents").get_by_text("seen by")
        ).to_be_visible()
        await expect(wall.get_by_role("region", name="Critical incidents").locator(":focus")).to_have_count(1)
        await look_at_evidence(wall, pane)
        await act(wall, "Pause", Reason="Is somebody with you?")
        await expect(room.get_by_role("heading", name="Your exam is paused")).to_be_visible(timeout=20_000)
        await press(room, room.get_by_role("button", name="I am ready to go on"))
        await act(wall, "Let go on")
        await expect(room.get_by_role("heading", name="Question 1")).to_be_visible(timeout=20_000)
        await act(wall, "Give time", Minutes="7")
        await expect(room.get_by_text("You have been given more time").first).to_be_visible(timeout=20_000)
        await stage.command("student", attempt_id, "submit")
