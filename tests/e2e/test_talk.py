"""By keyboard a student and a proctor talk: from the check-in on, with a raised hand, over a network that goes away."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import Watched, watched
from tests.e2e.keyboard import press, sign_in, tab_to, tick, write
from tests.e2e.stage import Stage
from tests.e2e.test_exam import begin, check_in

pytestmark = pytest.mark.asyncio(loop_scope="package")

SOON = 20_000  # milliseconds in which a word reaches the other side, on a machine that may stand still


async def say(page: Page, field: str, text: str) -> None:
    """As people do: type, and press Enter."""
    await write(page, page.get_by_label(field), text)
    await page.keyboard.press("Enter")


async def ask_for_help(room: Page, wall: Page) -> None:
    """While waiting to be let in: the student asks, the tile says so, the proctor answers, the student reads it."""
    await press(room, room.get_by_role("button", name="Ask for help"))
    sheet = room.get_by_role("complementary", name="Messages")
    await say(room, "Message to the proctors", "Is my photo good enough?")
    tile = wall.get_by_role("listitem").filter(has_text="Sam Student")
    await expect(tile.get_by_text("1 new message")).to_be_visible(timeout=SOON)
    await press(wall, wall.get_by_role("button", name="Sam Student"))
    pane = wall.get_by_role("complementary", name="Selected attempt")
    await expect(pane.get_by_text("Is my photo good enough?")).to_be_visible(timeout=SOON)
    await tab_to(wall, pane.get_by_label("Message to Sam Student"))  # what was said comes in sight with it
    await expect(sheet.get_by_text("Read by a proctor")).to_be_visible(timeout=SOON)
    await expect(tile.get_by_text("1 new message")).to_have_count(0, timeout=SOON)
    await say(wall, "Message to Sam Student", "Yes, it is.")
    await expect(sheet.get_by_text("Yes, it is.")).to_be_visible(timeout=SOON)


async def raise_hand(room: Page, wall: Page) -> None:
    """Each side sees what the other does with the hand, in words."""
    await press(room, room.get_by_role("button", name="Raise hand").first)
    await expect(room.get_by_text(re.compile("Your hand is up since")).first).to_be_visible(timeout=SOON)
    tile = wall.get_by_role("listitem").filter(has_text="Sam Student")
    await expect(tile.get_by_text(re.compile("Hand up since"))).to_be_visible(timeout=SOON)
    pane = wall.get_by_role("complementary", name="Selected attempt")
    await press(wall, pane.get_by_role("button", name="Lower hand"))
    await expect(pane.get_by_label("Message to Sam Student")).to_be_focused()
    await expect(room.get_by_text(re.compile("A proctor lowered your hand")).first).to_be_visible(
        timeout=SOON
    )


async def tell_the_selected(room: Page, wall: Page) -> None:
    """A message to the tiles that are selected; the student's badge counts it."""
    await tick(wall, wall.get_by_label("Select Sam Student"))
    await press(wall, wall.get_by_role("button", name="Send a message"), "Shift+Tab")
    dialog = wall.get_by_role("dialog")
    await write(wall, dialog.get_by_label("Text"), "Ten minutes are left.")
    await press(wall, dialog.get_by_role("button", name="Send", exact=True))
    await expect(dialog.get_by_text("Delivered")).to_be_visible(timeout=SOON)
    await expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    await wall.keyboard.press("Enter")
    badge = room.get_by_role("button", name=re.compile("Messages 1 new"))
    await expect(badge).to_be_visible(timeout=SOON)
    await press(room, badge)


async def write_offline(student: Watched, room: Page, wall: Page) -> None:
    """What was written without a network waits on the device, says so, and arrives afterwards."""
    sheet = room.get_by_role("complementary", name="Messages")
    await expect(sheet.get_by_text("Ten minutes are left.")).to_be_visible()
    await student.context.set_offline(True)
    await say(room, "Message to the proctors", "I was offline.")
    await expect(sheet.get_by_text("Waits on this device")).to_be_visible(timeout=SOON)
    await student.context.set_offline(False)
    pane = wall.get_by_role("complementary", name="Selected attempt")
    await expect(pane.get_by_text("I was offline.")).to_be_visible(timeout=20_000)
    await expect(sheet.get_by_text("Waits on this device")).to_have_count(0, timeout=SOON)


async def test_they_talk_from_the_check_in_on(stage: Stage, browser: Browser) -> None:
    exam_id = await stage.exam("Talking exam")
    slots = await stage.people["proctor"].get("/api/reservations/slots", exam_id=exam_id)
    async with watched(browser, stage.server) as student, watched(browser, stage.server) as proctor:
        room = await student.page("/sign-in")
        await sign_in(room, "student@demo.example")
        wall = await proctor.page(f"/wall/{slots['items'][0]['slot_id']}")
        await sign_in(wall, "proctor@demo.example")
        attempt_id = await check_in(room, "Talking exam")
        await ask_for_help(room, wall)
        await stage.command("proctor", attempt_id, "admit")
        await begin(room)

        await raise_hand(room, wall)
        await tell_the_selected(room, wall)
        await write_offline(student, room, wall)

        await expect(room.get_by_role("button", name=re.compile("Messages$"))).to_be_visible(timeout=SOON)
        await stage.command("student", attempt_id, "submit")


# What the wall's module makes of tiles, each named for what stands at it.
ORDER = """async () => {
  const base = document.querySelector("script[type=module]").src.replace(/page\\/.*/, "");
  const { ordered } = await import(`${base}wall/order.js`);
  const incident = (severity) => ({ severity, ended_at: null, acknowledged_by: null });
  const tile = (name, more) => ({ attempt_id: name, phase: "in_progress", risk: 0, health: { is_healthy: true },
    last_incident: null, hand_raised_at: null, unread_messages: 0, ...more });
  const tiles = [
    tile("quiet"),
    tile("message", { unread_messages: 1 }),
    tile("high", { last_incident: incident("high"), risk: 30, health: { is_healthy: false } }),
    tile("hand", { hand_raised_at: "2027-01-11T09:00:00Z" }),
    tile("later hand", { hand_raised_at: "2027-01-11T09:05:00Z" }),
    tile("critical", { last_incident: incident("critical") }),
  ];
  const names = (list) => list.map((one) => one.attempt_id);
  const first = ordered(tiles, names(tiles));
  return [names(first), names(ordered([...first].reverse(), names(first)))];
}"""


async def test_hands_come_after_critical_incidents_and_before_all_else(
    stage: Stage, browser: Browser
) -> None:
    async with watched(browser, stage.server) as proctor:
        page = await proctor.page("/sign-in")

        first, again = await page.evaluate(ORDER)

    assert first == ["critical", "hand", "later hand", "high", "message", "quiet"]
    assert again == first
