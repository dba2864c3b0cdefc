"""By keyboard a proctor chooses whom to see, sends a step back, refuses with a reason, lets in, stops, and writes."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from tests.api.picture import jpeg
from tests.e2e.browser import watched
from tests.e2e.keyboard import choose, press, sign_in, tab_to, write
from tests.e2e.stage import API, Stage
from tests.e2e.test_many import Student, waiting
from tests.e2e.test_watching import act

pytestmark = pytest.mark.asyncio(loop_scope="package")

NAMES = ("Ana Costa", "Ben Novak")


async def look_around(wall: Page) -> None:
    """Filters, how many tiles, and from tile to tile with the arrows."""
    tiles = wall.get_by_role("list", name="Students")
    await choose(wall, wall.get_by_label("Show", exact=True), "Writing")
    await expect(tiles.get_by_role("listitem")).to_have_count(0)
    await choose(wall, wall.get_by_label("Show", exact=True), "Waiting to be let in")
    await expect(tiles.get_by_role("listitem")).to_have_count(2)
    await choose(wall, wall.get_by_label("Tiles", exact=True), "16 tiles")
    await expect(tiles).to_have_attribute("data-view", "4")
    await tab_to(wall, tiles.get_by_role("button").first)
    await wall.keyboard.press("ArrowRight")
    await expect(tiles.get_by_role("button").last).to_be_focused()
    await wall.keyboard.press("Home")
    await expect(tiles.get_by_role("button").first).to_be_focused()
    await choose(wall, wall.get_by_label("Show", exact=True), "Everybody")


async def send_back_and_refuse(stage: Stage, wall: Page, student: Student) -> None:
    """The step is done again, and still it is not enough."""
    await press(wall, wall.get_by_role("button", name=NAMES[0]))
    pane = wall.get_by_role("complementary", name="Selected attempt")
    await expect(pane.get_by_alt_text(f"Identity photo of {NAMES[0]}")).to_be_visible()
    await act(wall, "Ask to repeat a step", Which_step="Identity photo", Reason="It is blurred")
    photo = f"{API}/attempts/{student.attempt_id}/check-in/identity-photo"
    await student.person.post(photo, content=jpeg(), headers={"Content-Type": "image/jpeg"})
    await act(wall, "Refuse", Reason="This is somebody else")
    await stage.reached(student.attempt_id, "voided")


async def let_in_and_stop(stage: Stage, wall: Page, student: Student) -> None:
    """Escape goes back to the tiles; the second student is written to, let in and stopped."""
    await press(wall, wall.get_by_role("button", name=NAMES[1]))
    await wall.keyboard.press("Escape")
    await expect(wall.get_by_role("button", name=NAMES[1])).to_be_focused()
    await wall.keyboard.press("Enter")
    pane = wall.get_by_role("complementary", name="Selected attempt")
    await write(wall, wall.get_by_label(f"Message to {NAMES[1]}"), "Good luck.")
    await wall.keyboard.press("Enter")
    await expect(pane.get_by_text("Good luck.")).to_be_visible()
    await act(wall, "Let in")
    await student.do("start")
    await act(wall, "Stop", Reason="A second device was found")
    await stage.reached(student.attempt_id, "terminated")


async def test_at_the_door_by_keyboard(stage: Stage, browser: Browser) -> None:
    exam_id = await stage.exam("Exam with a door")
    slots = await stage.people["proctor"].get(f"{API}/slots", exam_id=exam_id)
    slot_id = str(slots["items"][0]["slot_id"])
    ana, ben = await asyncio.gather(*(waiting(stage, name, exam_id, slot_id) for name in NAMES))
    async with watched(browser, stage.server) as proctor:
        page = await proctor.page(f"/wall/{slot_id}")
        await sign_in(page, "proctor@demo.example")

        await look_around(page)
        await send_back_and_refuse(stage, page, ana)
        await let_in_and_stop(stage, page, ben)
    for student in (ana, ben):
        await student.person.leave()
