"""Every way into a field reaches the server, and what is not saved as it stands is said."""

import pytest
from playwright.async_api import Browser, CDPSession, Locator, Page, Route, expect

from tests.e2e.stage import Stage
from tests.e2e.test_unlucky_typing import SLACK
from tests.e2e.unlucky import (
    WITHIN,
    at_home,
    essay,
    into_the_room,
    is_stored,
    number_is,
    open_question,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")

ALL_SAVED = "All answers saved"
WITHOUT_A_WORD = """(text) => { document.querySelector("textarea#answer").value = text; }"""
SELECT_QUESTION = """() => getSelection().selectAllChildren(document.querySelector(".question-text p"))"""
SELECT_LAST_WORD = (
    """(field) => field.setSelectionRange(field.value.lastIndexOf(" ") + 1, field.value.length)"""
)


async def edited(session: CDPSession, command: str) -> None:
    """What an item of the browser's own menu does: no key and no letter, the editing command alone."""
    await session.send("Input.dispatchKeyEvent", {"type": "keyDown", "commands": [command]})
    await session.send("Input.dispatchKeyEvent", {"type": "keyUp"})


async def dragged(page: Page, field: Locator) -> str:
    """The question's own text, selected and dropped into the field by the mouse; what stands there then."""
    await field.fill("")
    await page.evaluate(SELECT_QUESTION)
    source, target = await page.locator(".question-text p").first.bounding_box(), await field.bounding_box()
    assert source is not None
    assert target is not None
    await page.mouse.move(source["x"] + 12, source["y"] + source["height"] / 2)
    await page.mouse.down()
    await page.mouse.move(target["x"] + 60, target["y"] + 40, steps=8)
    await page.mouse.up()
    dropped = await field.input_value()
    assert "clocks" in dropped
    return dropped


async def test_dropping_dictating_pasting_replacing_and_filling_in(stage: Stage, browser: Browser) -> None:
    async with at_home(browser, stage) as (person, page):
        attempt_id = await into_the_room(page, stage, "Ways into a field")
        session = await person.context.new_cdp_session(page)
        field = await essay(page)

        async def arrives(text: str) -> None:
            assert await field.input_value() == text
            await is_stored(stage, attempt_id, text, WITHIN + SLACK)

        await arrives(await dragged(page, field))

        await field.fill("")
        for heard in ("every", "every clock", "every clock drifts"):  # as dictation puts its guess right
            composing = {"text": heard, "selectionStart": len(heard), "selectionEnd": len(heard)}
            await session.send("Input.imeSetComposition", composing)
        await arrives("every clock drifts")  # while it is still being composed
        await session.send("Input.insertText", {"text": "Every clock drifts"})
        await arrives("Every clock drifts")

        await edited(session, "selectAll")
        await edited(session, "cut")
        await arrives("")
        await edited(session, "paste")
        await edited(session, "paste")
        await arrives("Every clock driftsEvery clock drifts")

        await field.fill("Clocks are drfting")
        await field.evaluate(SELECT_LAST_WORD)
        await session.send("Input.insertText", {"text": "drifting"})
        await arrives("Clocks are drifting")
        await page.evaluate(WITHOUT_A_WORD, "Filled in without a word, and never left.")
        await arrives("Filled in without a word, and never left.")
        await stage.command("student", attempt_id, "submit")


async def is_said(page: Page, words: str) -> None:
    """By the bar alone, without the claim that all is saved."""
    await expect(page.locator(".room-bar").get_by_role("button", name=words)).to_be_visible()
    await expect(page.get_by_text(ALL_SAVED)).to_be_hidden()


async def place_of(page: Page) -> str:
    """The number of the open question."""
    heading = await page.locator(".question h2").inner_text()
    return heading.split()[1]


async def refuse(route: Route) -> None:
    """Once, as the server refuses what it will not take however often it is sent."""
    await route.fulfill(
        status=422,
        content_type="application/problem+json",
        body='{"type": "/problems/invalid_answer", "title": "This answer cannot be taken.", "status": 422}',
    )


async def is_asked_before_handing_in(page: Page, words: str) -> None:
    """The review and the question before handing in say so; nothing is handed in."""
    await page.get_by_role("button", name="Review and hand in").first.click()
    await expect(page.get_by_text(words)).to_be_visible()
    await page.get_by_role("button", name="Hand in", exact=True).click()
    await expect(page.get_by_role("dialog").get_by_text(words)).to_be_visible()
    await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()


async def test_what_is_not_understood_or_too_long_is_said_until_it_is_put_right(
    stage: Stage, browser: Browser
) -> None:
    async with at_home(browser, stage) as (_, page):
        attempt_id = await into_the_room(page, stage, "Not saved as it stands")
        await open_question(page, "Give pi to two")
        number, field = await place_of(page), page.get_by_label("Your number")
        await field.fill("about three")
        await is_said(page, f"1 answer not saved: question {number}")
        text = await essay(page)
        first, second = sorted((number, await place_of(page)))
        await text.fill("All of it. " * 2_000)
        await is_said(page, f"2 answers not saved: questions {first} and {second}")

        await page.reload()
        await is_said(page, f"2 answers not saved: questions {first} and {second}")
        await is_asked_before_handing_in(page, f"The answers to questions {first} and {second} are not saved")
        await page.locator(".room-bar").get_by_role("button", name="2 answers not saved").click()
        assert await place_of(page) == first
        await essay(page)
        await text.fill("Short.")
        await is_said(page, f"1 answer not saved: question {number}")
        await page.locator(".room-bar").get_by_role("button", name="1 answer not saved").click()
        await field.fill("3.14")
        await expect(page.get_by_text(ALL_SAVED)).to_be_visible()
        await number_is(stage, attempt_id, "3.14")
        await stage.command("student", attempt_id, "submit")


async def test_what_the_server_refused_is_said_and_kept_in_its_field(stage: Stage, browser: Browser) -> None:
    async with at_home(browser, stage) as (_, page):
        attempt_id = await into_the_room(page, stage, "Refused")
        await open_question(page, "Give pi to two")
        number, field = await place_of(page), page.get_by_label("Your number")
        await page.route("**/answers/*", refuse)
        await field.fill("3.15")
        await is_said(page, f"1 answer not saved: question {number}")

        await page.unroute("**/answers/*", refuse)
        await page.reload()
        await is_said(page, f"1 answer not saved: question {number}")
        await open_question(page, "Give pi to two")
        await expect(field).to_have_value("3.15")
        await field.fill("3.16")
        await expect(page.get_by_text(ALL_SAVED)).to_be_visible()
        await number_is(stage, attempt_id, "3.16")
        await stage.command("student", attempt_id, "submit")
