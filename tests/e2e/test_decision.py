"""A grader marks, a reviewer clears, the student sees the result and appeals: in the browser, by keyboard."""

import asyncio
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import watched
from tests.e2e.keyboard import press, tab_to, write
from tests.e2e.stage import API, Stage, sign_in
from tests.e2e.test_exam import ESSAY, answer, begin, check_in, hand_in
from tests.e2e.test_watching import opened

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def take(page: Page, stage: Stage, kind: str, attempt_id: str) -> None:
    """Open and claim the review of this kind that waits for the attempt."""
    admin = stage.people["admin"]
    # An essay does not say whose it is, so one of another exam is told apart by the exam.
    exam_id = (await admin.get(f"{API}/attempts/{attempt_id}"))["exam_id"]
    wanted = {"kind": kind, "exam_id": exam_id, "is_waiting": "true"}
    async with asyncio.timeout(60):
        while True:
            items = (await admin.get("/api/corrections/reviews", limit=200, **wanted))["items"]
            mine = [one for one in items if one["attempt_id"] in {None, attempt_id}]
            if mine:
                break
            await asyncio.sleep(0.3)
    newest = max(mine, key=lambda one: str(one["opened_at"]))
    await page.goto(f"{stage.server}/reviews/{newest['review_id']}")
    await press(page, page.get_by_role("button", name="Take it"))


async def give_back(page: Page) -> None:
    """Begin, and leave it to a colleague: one is told what becomes of what one typed, and the queue has it free."""
    await write(page, page.get_by_label("Points, 0 to").first, "0.5")
    await press(page, page.get_by_role("button", name="Give it back"), "Shift+Tab")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("kept on this device only")).to_be_visible()
    await press(page, dialog.get_by_role("button", name="Give it back"))
    await expect(page.get_by_role("heading", name="You gave it back.")).to_be_focused()
    free = page.get_by_role("row").filter(has=page.locator(f"a[href='{urlsplit(page.url).path}']"))
    await press(page, page.get_by_role("link", name="Back to the queue"))
    await expect(free.get_by_text("Free")).to_be_visible()


async def rule(page: Page) -> None:
    """J leads from one incident to the next and then to the decision on the whole, 2 says explained."""
    rulings = page.get_by_role("radio", name="Explained")
    await expect(rulings).not_to_have_count(0)
    for ruling in await rulings.all():
        await page.keyboard.press("j")
        await page.keyboard.press("2")
        await expect(ruling).to_be_checked()
    await page.keyboard.press("j")
    await expect(page.get_by_role("button", name="Decide on the whole")).to_be_focused()


async def play(page: Page) -> None:
    """The stretch of an incident plays by itself to its end, from a few large answers in place of single pictures."""
    asked: list[str] = []
    film = page.get_by_role("region", name="Recording", exact=True)
    slider = film.get_by_label("Time in the recording")
    await film.get_by_label("Speed").select_option("2")
    await press(page, page.get_by_role("button", name="Play this stretch").first)
    await expect(film.get_by_role("button", name="Stop")).to_be_visible()
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    begun = await slider.input_value()
    await expect(film.get_by_role("button", name="Play")).to_be_visible(timeout=120_000)
    await expect(slider).not_to_have_value(begun)
    shown = film.get_by_text("Picture of")
    at = await shown.text_content()
    await page.keyboard.press(",")
    await expect(shown).not_to_have_text(at or "")
    single = [path for path in asked if "/frames/" in path]
    assert single == [], "the player asks for single pictures"
    await page.evaluate("document.activeElement.blur()")  # so that J begins with the first incident


async def download(page: Page) -> None:
    """What was decided on keeps its recording, by now also as a video."""
    await page.reload()
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Download as a video").click(timeout=30_000)
    video = await (await downloading.value).path()
    assert video.read_bytes()[:4] == bytes.fromhex("1A45DFA3"), "not WebM"


async def clear(page: Page, reason: str) -> None:
    """The decision on the whole, a step of its own."""
    await press(page, page.get_by_role("button", name="Decide on the whole"))
    dialog = page.get_by_role("dialog")
    await tab_to(page, dialog.get_by_label("Your decision"))
    await page.keyboard.press("ArrowDown")
    await expect(dialog.get_by_label("Your decision")).to_have_value("cleared")
    await write(page, dialog.get_by_label("Reason"), reason)
    await press(page, dialog.get_by_role("button", name="Decide"))


async def appeal(page: Page, result: str) -> None:
    """The student reads what was decided, and appeals in their own words."""
    await page.goto(result)
    decided = page.get_by_text("A reviewer decided: this is explained.").first
    await expect(decided).to_be_visible(timeout=30_000)
    await press(page, page.get_by_role("button", name="Appeal"))
    dialog = page.get_by_role("dialog")
    await write(page, dialog.get_by_label("What is wrong, and why?"), "Question 3 accepts two answers.")
    await press(page, dialog.get_by_role("button", name="Appeal"))
    await expect(page.get_by_text("Your appeal is being looked at.")).to_be_visible(timeout=30_000)


async def sit(page: Page, stage: Stage) -> str:
    """Write everything while a second person is seen; the attempt's id."""
    attempt_id = await check_in(page, "Decided exam")
    await begin(page)
    for number in range(5):
        await answer(page)
        if number < 4:
            await page.get_by_role("button", name="Next", exact=True).click()
    await opened(stage, attempt_id, "multiple_faces")
    await hand_in(page)
    return attempt_id


async def test_marked_cleared_released_and_appealed(stage: Stage, browser: Browser) -> None:
    await stage.exam("Decided exam", admission="automatic", appeal_window="P14D", keeps_recording=True)
    async with (
        watched(browser, stage.server) as student,
        watched(browser, stage.server) as grader,
        watched(browser, stage.server) as reviewer,
    ):
        room = await student.page("/sign-in")
        await sign_in(room, "student@demo.example")
        attempt_id = await sit(room, stage)

        marking = await grader.page("/sign-in")
        await sign_in(marking, "grader@demo.example")
        await take(marking, stage, "essay", attempt_id)
        await give_back(marking)
        await take(marking, stage, "essay", attempt_id)
        await expect(marking.get_by_text(ESSAY)).to_be_visible()
        await expect(marking.get_by_label("Points, 0 to").first).to_have_value("")
        await write(marking, marking.get_by_label("Points, 0 to").first, "1")
        await marking.keyboard.press("Control+Enter")
        await expect(marking.get_by_text("The waiting workflow took it up").first).to_be_visible(
            timeout=30_000
        )
        await expect(marking.get_by_text("All answers of this attempt are marked.")).to_be_visible(
            timeout=30_000
        )

        review = await reviewer.page("/sign-in")
        await sign_in(review, "reviewer@demo.example")
        await take(review, stage, "integrity", attempt_id)
        await expect(review.get_by_text("Picture of").first).to_be_visible(timeout=30_000)
        await play(review)
        await rule(review)
        await clear(review, "A flatmate walked through.")
        await expect(review.get_by_text("Cleared: nothing counts")).to_be_visible(timeout=30_000)

        await download(review)

        await stage.release(attempt_id)
        await appeal(room, f"{stage.server}/attempts/{attempt_id}/result")
