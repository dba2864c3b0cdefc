"""What is done to attempts by the buttons of the record and of the search, and what the API says of it afterwards."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import watched
from tests.e2e.sitting import ONE_QUESTION, Sitting
from tests.e2e.stage import API, Stage, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="package")

RULES: dict[str, Any] = {
    "admission": "automatic",
    "questions": ONE_QUESTION,
    "right_answers": "never",
    "appeal_window": "P14D",
}
SECOND = "second.admin@acts.example"


async def record(page: Page, stage: Stage, attempt_id: str) -> None:
    """The record, fresh."""
    await page.goto(f"{stage.server}/attempts/{attempt_id}/record")
    await expect(page.get_by_role("heading", name="What happened")).to_be_visible()


async def act(page: Page, name: str, reason: str, minutes: str = "") -> None:
    """Press the button, say why, and see the dialog close."""
    await page.get_by_role("button", name=name, exact=True).first.click()
    dialog = page.get_by_role("dialog")
    if minutes:
        await dialog.get_by_label(re.compile("^Minutes")).fill(minutes)
    if reason:
        await dialog.get_by_label(re.compile("Why|Reason")).fill(reason)
    await dialog.get_by_role("button", name=name, exact=True).click()
    await expect(dialog).to_have_count(0)


async def second_admin(stage: Stage) -> None:
    """Somebody who agrees."""
    person = await stage.registered("Sandra Second", SECOND)
    roles = {"roles": ["admin"]}
    await stage.people["admin"].call("PUT", f"/api/users/people/{person.person_id}/roles", json=roles)
    await person.leave()


async def the_cap_is_lifted(page: Page, stage: Stage, sitting: Sitting) -> None:
    assert (await stage.attempt(sitting.attempt_id))["cap_at"] is not None
    await record(page, stage, sitting.attempt_id)
    await expect(page.get_by_text("This exam ends with its slot.")).to_be_visible()
    await act(page, "Let it outlast the slot", "The door was locked for an hour")
    await expect(page.get_by_text("This exam ends with its slot.")).to_have_count(0)
    assert (await stage.attempt(sitting.attempt_id))["cap_at"] is None


async def a_late_answer_counts(page: Page, stage: Stage, sitting: Sitting) -> None:
    await sitting.hand_in_and_answer_late()
    await sitting.may("reopen")
    await record(page, stage, sitting.attempt_id)
    late = page.get_by_role("region", name="Answers that came after the end")
    await late.get_by_role("button", name="Accept late answers").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Why?").fill("The network of room 4 failed")
    await dialog.get_by_role("button", name="Accept late answers").click()
    await expect(late.get_by_text("Counts")).to_be_visible(timeout=60_000)
    path = f"/api/corrections/attempts/{sitting.attempt_id}/late-answers"
    accepted = [one for one in await stage.people["admin"].get(path) if one["accepted_at"]]
    assert [one["reason"] for one in accepted] == ["The network of room 4 failed"]


async def two_reopen_it(page: Page, other: Page, stage: Stage, sitting: Sitting) -> None:
    await sitting.may("reopen")
    await record(page, stage, sitting.attempt_id)
    await act(page, "Reopen", "Handed in by mistake", minutes="10")
    await expect(page.get_by_text("another one has to agree")).to_be_visible()
    attempt = await stage.attempt(sitting.attempt_id)
    assert (attempt["phase"], attempt["reopen_asked"]["reason"]) == ("submitted", "Handed in by mistake")

    await sign_in(other, SECOND)
    await record(other, stage, sitting.attempt_id)
    await expect(other.get_by_text("The reason given: Handed in by mistake")).to_be_visible()
    await act(other, "Reopen", "I agree", minutes="10")
    await stage.reached(sitting.attempt_id, "in_progress")
    assert (await stage.attempt(sitting.attempt_id))["given"]["added"] == "PT10M"
    await sitting.do("submit")


async def booking_is_refused(student: Page, title: str) -> None:
    """On a page that was opened before, and on a fresh one: both name the attempt that was handed in."""
    handed_in = student.get_by_text(f"You handed in “{title}” on").first
    await student.get_by_role("button", name=f"Book: {title}").first.click()
    await expect(handed_in).to_be_visible()
    await student.reload()
    await expect(handed_in).to_be_visible()
    await expect(student.get_by_role("button", name=f"Book: {title}")).to_have_count(0)


async def a_further_sitting(page: Page, stage: Stage, sitting: Sitting) -> None:
    await record(page, stage, sitting.attempt_id)
    await act(page, "Give a further sitting", "Was ill that day")
    given = page.get_by_text(re.compile("Further sitting given by .*: Was ill that day"))
    await expect(given).to_be_visible()
    recorded = await stage.people["admin"].get(f"{API}/attempts/{sitting.attempt_id}/record")
    assert recorded["sittings"]["left"] == 1
    assert [one["reason"] for one in recorded["sittings"]["further"]] == ["Was ill that day"]


async def the_result_without_right_answers(page: Page, student: Page, stage: Stage, sitting: Sitting) -> None:
    await sitting.may("release")
    await record(page, stage, sitting.attempt_id)
    await act(page, "Release the result", "")
    assert (await stage.attempt(sitting.attempt_id))["release"] == "released"
    await student.goto(f"{stage.server}/attempts/{sitting.attempt_id}/result")
    await expect(student.get_by_text("You may sit this exam again. Until then right answers")).to_be_visible()
    shown = await sitting.person.get(f"/api/corrections/attempts/{sitting.attempt_id}/results")
    assert "right_answers" not in str(shown["items"])


async def test_one_attempt_from_its_record(stage: Stage, browser: Browser) -> None:
    title = "Acts on one attempt"
    rules = {**RULES, "cap_at_slot_end": True, "reopen_needs_second_person": True}
    exam_id = await stage.exam(title, **rules)
    await second_admin(stage)
    async with (
        watched(browser, stage.server) as admin,
        watched(browser, stage.server) as second,
        watched(browser, stage.server) as somebody,
    ):
        page, other = await admin.page("/sign-in"), await second.page("/sign-in")
        student = await somebody.page("/sign-in")
        await sign_in(page, "admin@demo.example")
        await sign_in(student, "student@demo.example")
        await student.goto(f"{stage.server}/exams")
        await expect(student.get_by_role("button", name=f"Book: {title}")).to_be_visible()
        sitting = await Sitting.begin(stage, stage.people["student"], exam_id)
        await the_cap_is_lifted(page, stage, sitting)
        await a_late_answer_counts(page, stage, sitting)
        await two_reopen_it(page, other, stage, sitting)
        await booking_is_refused(student, title)
        await a_further_sitting(page, stage, sitting)
        await the_result_without_right_answers(page, student, stage, sitting)


async def at_once(
    page: Page, stage: Stage, exam_id: str, act_name: str, names: list[str], reason: str
) -> None:
    """Choose these in the search, press the button, and see each of them acknowledge."""
    await page.goto(f"{stage.server}/search?exam_id={exam_id}")
    for name in names:
        await page.get_by_role("checkbox", name=re.compile(f"^Select {name},")).check()
    await page.get_by_role("button", name=act_name, exact=True).click()
    dialog = page.get_by_role("dialog")
    if reason:
        await dialog.get_by_label("Why?").fill(reason)
    await dialog.get_by_role("button", name=act_name, exact=True).click()
    count = len(names)
    await expect(dialog.get_by_text(f"{count} of {count} have acknowledged.")).to_be_visible(timeout=60_000)
    for name in names:
        await expect(dialog.get_by_role("listitem").filter(has_text=name)).to_contain_text("Done")
    await dialog.get_by_role("button", name="Close").click()


async def test_several_at_once_from_the_search_and_the_wall_of_those_who_handed_in(
    stage: Stage, browser: Browser
) -> None:
    exam_id = await stage.exam("Acts on several", **RULES)
    names = ["Ada Acts", "Ben Acts", "Cem Acts", "Dora Acts"]
    people = [await stage.registered(name, f"{name.split()[0]}@acts.example".lower()) for name in names]
    sittings = [await Sitting.begin(stage, person, exam_id) for person in people]
    for sitting in sittings:
        await stage.command("proctor", sitting.attempt_id, "terminate", {"reason": "A phone"})

    async def phases() -> list[str]:
        return [(await stage.attempt(sitting.attempt_id))["phase"] for sitting in sittings]

    async with watched(browser, stage.server) as admin, watched(browser, stage.server) as proctor:
        page = await admin.page("/sign-in")
        await sign_in(page, "admin@demo.example")
        await at_once(page, stage, exam_id, "Reactivate", names, "It was a calculator")
        assert await phases() == ["in_progress"] * 4
        await at_once(page, stage, exam_id, "Declare void", names[2:], "Not who they say they are")
        for sitting in sittings[:2]:
            await sitting.do("submit")
        assert await phases() == ["submitted", "submitted", "voided", "voided"]

        wall = await proctor.page(f"/wall/{await stage.slot_of(exam_id)}")
        await sign_in(wall, "proctor@demo.example")
        await wall.get_by_label("Show", exact=True).select_option("Handed in")
        tiles = wall.get_by_role("list", name="Students").get_by_role("listitem")
        await expect(tiles).to_have_count(2, timeout=20_000)
        for name in names[:2]:
            await expect(tiles.filter(has_text=name)).to_have_count(1)

        for sitting in sittings[:2]:
            await sitting.may("release")
        await at_once(page, stage, exam_id, "Release the result", names[:2], "")
        released = [(await stage.attempt(sitting.attempt_id))["release"] for sitting in sittings[:2]]
        assert released == ["released", "released"]
    for person in people:
        await person.leave()


async def renamed_often(stage: Stage, person_id: str) -> None:
    """More acts than one page of the audit log holds."""
    path = f"/api/users/people/{person_id}"
    for number in range(26):
        for name in (f"Sam {number}", "Sam Student"):
            await stage.people["admin"].call("PATCH", path, json={"display_name": name})


async def test_the_audit_log_is_read_in_words(stage: Stage, browser: Browser) -> None:
    exam_id = await stage.exam("Acts in words", **RULES)
    student = stage.people["student"]
    sitting = await Sitting.begin(stage, student, exam_id)
    extended = {"by": "PT5M", "reason": "The projector failed"}
    await stage.command("proctor", sitting.attempt_id, "extend", extended)
    await stage.command("proctor", sitting.attempt_id, "pause", {"reason": "Fire alarm"})
    await stage.command("admin", sitting.attempt_id, "void", {"reason": "The building was evacuated"})
    await renamed_often(stage, student.person_id)
    async with watched(browser, stage.server) as admin:
        page = await admin.page("/sign-in")
        await sign_in(page, "admin@demo.example")
        await page.goto(f"{stage.server}/audit-log?subject_id={sitting.attempt_id}")
        words = page.get_by_role("region", name="Audit log")
        await expect(words.get_by_role("row", name="By how much – 5 minutes", exact=True)).to_be_visible()
        await expect(words.get_by_role("row", name="State Writing Paused", exact=True)).to_be_visible()
        await expect(words.get_by_role("row", name="State Paused Does not count", exact=True)).to_be_visible()
        shown = await words.inner_text()
        assert not re.search(r"in_progress|PT\d|[0-9a-f]{8}-[0-9a-f]{4}", shown), shown

        await page.goto(f"{stage.server}/audit-log?person_id={student.person_id}")
        rows = words.locator("table").first.locator(":scope > tbody > tr")
        await expect(rows).to_have_count(50)
        await page.get_by_role("button", name="Show more").click()
        await expect(rows.nth(51)).to_be_visible()
        await page.locator("select#kind").select_option("Details changed")
        await expect(
            rows.first.get_by_role("row", name="Name Sam 25 Sam Student", exact=True)
        ).to_be_visible()
        listed = await stage.people["admin"].get(
            "/api/users/audit-log", person_id=student.person_id, kind="details_changed", limit=1
        )
        assert listed["items"][0]["after"] == {"display_name": "Sam Student"}
        await page.get_by_role("button", name="Verify that nothing is missing").click()
        await expect(page.get_by_text("none changed or missing")).to_be_visible()
