"""The stops of a student, and of the proctor beside: from booking to handing in."""

from datetime import timedelta

from playwright.async_api import Page, expect

from tests.e2e.stage import Stage
from tests.e2e.test_exam import answer, begin
from tests.e2e.test_watching import act, opened
from tests.e2e.tour.crowd import Crowd
from tests.e2e.tour.guide import PATIENCE, Guide

TITLE = "Geography and clocks"


async def sit(guide: Guide) -> str:
    """A whole exam, seen from the seat and from the wall; the attempt's id."""
    exam_id = await guide.stage.exam(TITLE, appeal_window="P14D")
    await guide.stage.exam("Celestial navigation", timedelta(days=9))
    slots = await guide.stage.people["proctor"].get("/api/reservations/slots", exam_id=exam_id)
    slot_id = slots["items"][0]["slot_id"]
    crowd = Crowd(guide.stage)
    guide.doors.push_async_callback(crowd.leave)
    await crowd.arrive(exam_id, slot_id)
    room = await guide.page_of("student@demo.example")
    attempt_id = await _book(guide, room)
    await _check_in(guide, room)
    wall = await guide.page_of("proctor@demo.example")
    await _admit(guide, wall)
    await _write(guide, room, wall, attempt_id)
    await _hand_in(guide, room)
    return attempt_id


async def _book(guide: Guide, page: Page) -> str:
    await guide.tour(page, exams="/exams")
    await page.get_by_role("button", name=f"Book: {TITLE}").first.click()
    await page.get_by_role("button", name="Confirm the seat").wait_for()
    await guide.show("attempt-held", page)
    await page.get_by_role("button", name="Confirm the seat").click()
    await page.get_by_role("button", name="Start the check-in").wait_for()
    await guide.show("attempt", page)
    attempt_id = page.url.rsplit("/", 1)[-1]
    await guide.tour(page, home_student="/")
    await guide.go(page, f"/attempts/{attempt_id}")
    return attempt_id


async def _check_in(guide: Guide, page: Page) -> None:
    await page.get_by_role("button", name="Start the check-in").click()
    await page.get_by_role("button", name="Take the picture").wait_for()
    await guide.show("check-in", page)
    await page.get_by_role("button", name="Take the picture").click()
    await page.get_by_role("button", name="Use this picture").click()
    await page.get_by_label("I have read this").check()
    await guide.show("check-in-consent", page)
    await page.get_by_role("button", name="Agree and ask to be let in").click()
    await expect(page.get_by_text("in the queue.").first).to_be_visible(timeout=PATIENCE)
    await guide.show("check-in-waiting", page)
    await page.get_by_role("button", name="Ask for help").click()
    sheet = page.get_by_role("complementary", name="Messages")
    await sheet.get_by_label("Message to the proctors").fill("Is my photo good enough?")
    await sheet.get_by_label("Message to the proctors").press("Enter")
    await expect(sheet.get_by_text("Sent", exact=True)).to_be_visible(timeout=PATIENCE)
    await guide.show("check-in-help", page)
    await sheet.get_by_role("button", name="Close").click()


async def _admit(guide: Guide, wall: Page) -> None:
    await guide.tour(wall, home_proctor="/", slots="/wall")
    await wall.get_by_role("link", name=TITLE).first.click()
    await wall.get_by_role("button", name="Sam Student").click()
    await wall.get_by_alt_text("Identity photo of Sam Student").wait_for()
    await wall.get_by_label("Message to Sam Student").fill("Yes, it is. You can begin in a moment.")
    await wall.get_by_label("Message to Sam Student").press("Enter")
    await guide.show("wall-admission", wall)
    pane = wall.get_by_role("complementary", name="Selected attempt")
    await pane.get_by_role("button", name="Ask to repeat a step").click()
    await guide.show("wall-send-back", wall)
    await wall.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await act(wall, "Let in")


async def _write(guide: Guide, room: Page, wall: Page, attempt_id: str) -> None:
    await room.get_by_role("button", name="Begin the exam").wait_for()
    await guide.show("check-in-begin", room)
    await begin(room)
    await _answer_all(guide, room)
    await room.get_by_role("button", name="Messages").click()
    sheet = room.get_by_role("complementary", name="Messages")
    await expect(sheet.get_by_text("You can begin in a moment.")).to_be_visible(timeout=PATIENCE)
    await guide.show("room-messages", room)
    await sheet.get_by_role("button", name="Close").click()
    await opened(guide.stage, attempt_id, "multiple_faces")
    await wall.get_by_role("button", name="A second person").first.wait_for()
    await guide.show("wall", wall)
    for name in ("Ada Moreno", "Jun Park"):
        await wall.get_by_label(f"Select {name}").check()
    await guide.show("wall-several", wall)
    for name in ("Ada Moreno", "Jun Park"):
        await wall.get_by_label(f"Select {name}").uncheck()
    await _pause(guide, room, wall, attempt_id)
    elsewhere = await room.context.new_page()
    await guide.go(elsewhere, f"/attempts/{attempt_id}/room")
    await elsewhere.get_by_role("button", name="Continue here").wait_for()
    await guide.show("room-elsewhere", elsewhere)
    await elsewhere.close()


async def _answer_all(guide: Guide, page: Page) -> None:
    """The exam's questions are shuffled; the first with options and the essay are stops."""
    is_shown = False
    for number in range(5):
        await answer(page)
        if not is_shown and await page.locator("input[name=option]").count():
            await guide.show("room", page)
            is_shown = True
        if await page.locator("textarea#answer").count():
            await guide.show("room-essay", page)
        if number < 4:
            await page.get_by_role("button", name="Next", exact=True).click()


async def _pause(guide: Guide, room: Page, wall: Page, attempt_id: str) -> None:
    pane = wall.get_by_role("complementary", name="Selected attempt")
    await pane.get_by_role("button", name="Pause", exact=True).click()
    dialog = wall.get_by_role("dialog")
    await dialog.get_by_label("Reason").fill("Is somebody with you?")
    await dialog.get_by_role("button", name="Pause", exact=True).click()
    await expect(dialog.get_by_text("Done")).to_be_visible(timeout=PATIENCE)
    await guide.show("wall-done", wall)
    await dialog.get_by_role("button", name="Close").click()
    await room.get_by_role("button", name="I am ready to go on").wait_for()
    await guide.show("room-paused", room)
    await room.get_by_role("button", name="I am ready to go on").click()
    await resume(guide.stage, room, attempt_id)
    await guide.show("room-note", room)


async def resume(stage: Stage, room: Page, attempt_id: str) -> None:
    """The student is back and gets five minutes more."""
    await expect(room.get_by_text("It goes on as soon as a proctor agrees.")).to_be_visible(timeout=PATIENCE)
    await stage.command("proctor", attempt_id, "resume")
    await stage.command("proctor", attempt_id, "extend", {"by": "PT5M"})
    await room.get_by_text("You have been given more time").first.wait_for()


async def _hand_in(guide: Guide, page: Page) -> None:
    await page.get_by_role("button", name="Review and hand in").first.click()
    await page.get_by_text("All questions are answered.").wait_for()
    await guide.show("room-review", page)
    await page.get_by_role("button", name="Hand in", exact=True).click()
    await guide.show("room-hand-in", page)
    await page.get_by_role("dialog").get_by_role("button", name="Hand in").click()
    await expect(page.get_by_text("Handed in").first).to_be_visible(timeout=PATIENCE)
    await guide.show("attempt-submitted", page)
    await guide.tour(page, account="/account", notifications="/notifications")
