"""The browser's rule of typed numbers, case by case, and what the field makes of it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.stage import Stage
from tests.e2e.unlucky import at_home, into_the_room, number_is, open_question

pytestmark = pytest.mark.asyncio(loop_scope="package")

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "schema" / "number" / "typed.json").read_text("utf-8")
)
# The modules of a page name their folder by its version.
READ = """async (texts) => {
  const [script] = document.querySelectorAll('script[type="module"]');
  const { readNumber } = await import(new URL("../question/typed-number.js", script.src).href);
  return texts.map((text) => readNumber(text));
}"""


def told(reading: dict[str, Any]) -> dict[str, Any]:
    if reading["value"] is not None:
        return {"value": reading["value"]}
    return {"choices": reading["choices"]} if reading["doubt"] == "ambiguous" else {"doubt": reading["doubt"]}


async def test_the_browser_reads_numbers_as_the_server_does(stage: Stage, browser: Browser) -> None:
    async with at_home(browser, stage) as (_, page):
        readings = await page.evaluate(READ, [case["typed"] for case in CASES])

    expected = [{key: value for key, value in case.items() if key != "typed"} for case in CASES]
    assert [told(reading) for reading in readings] == expected


async def test_the_field_shows_what_it_understood_and_stores_nothing_else(
    stage: Stage, browser: Browser
) -> None:
    async with at_home(browser, stage) as (_, page):
        attempt_id = await into_the_room(page, stage, "Numbers as people write them")
        await open_question(page, "Give pi to two")
        field = page.get_by_label("Your number")
        current = page.locator("nav.questions [aria-current]")

        await field.press_sequentially("16,000", delay=150)
        await expect(page.get_by_text("This may mean 16000 or 16.000.").first).to_be_visible()
        await expect(current).to_have_attribute(
            "aria-label", re.compile("not answered, not saved as it stands")
        )
        await number_is(stage, attempt_id, None)
        await page.get_by_role("button", name="16000", exact=True).click()
        await expect(page.get_by_text("Read as 16000.").first).to_be_visible()
        await number_is(stage, attempt_id, "16000")

        await field.fill("1/2")
        await expect(page.get_by_text("This is not a number we can read").first).to_be_visible()
        await page.get_by_role("button", name="Review and hand in").first.click()
        await open_question(page, "Give pi to two")
        await expect(field).to_have_value("1/2")  # what was typed is not gone, though it is no answer
        await number_is(stage, attempt_id, None)

        for typed, understood in (("1e-3", "0.001"), ("−5", "-5"), ("٣٫١٤", "3.14"), ("3,500.00", "3500.00")):
            await field.fill(typed)
            await expect(page.get_by_text(f"Read as {understood}.").first).to_be_visible()
            await number_is(stage, attempt_id, understood)
        await stage.command("student", attempt_id, "submit")
