"""A camera that is busy, unplugged, replaced: the reason in words, opened by itself, one incident that ends with it."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.stage import Stage, sign_in
from tests.e2e.test_exam import check_in
from tests.e2e.test_watching import opened
from tests.e2e.unlucky import (
    CAMERA_BUSY,
    CAMERA_LOST,
    CAMERA_TAKEN,
    PLUGGED_IN,
    at_home,
    incidents,
    into_the_room,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")

DISABLED = "webcam_disabled"


async def of_the_camera(stage: Stage, attempt_id: str) -> list[dict[str, Any]]:
    return [one for one in await incidents(stage, attempt_id) if one["kind"] == DISABLED]


async def ended(stage: Stage, attempt_id: str, count: int) -> None:
    """Return once there are so many incidents of the camera and all have ended. Raises AssertionError."""
    found: list[dict[str, Any]] = []
    for _ in range(300):
        found = await of_the_camera(stage, attempt_id)
        if len(found) == count and all(one["ended_at"] for one in found):
            return
        assert len(found) <= count, found
        await asyncio.sleep(0.2)
    raise AssertionError(f"expected {count} ended incidents of the camera: {found}")


async def test_a_camera_that_is_lost_and_another_one_that_is_plugged_in(
    stage: Stage, browser: Browser
) -> None:
    async with at_home(browser, stage, CAMERA_BUSY.replace("__free = false", "__free = true")) as (_, page):
        attempt_id = await into_the_room(page, stage, "Unplugged")
        await page.evaluate("window.__free = false; window.__name = 'NotFoundError'")
        await page.evaluate(CAMERA_LOST)
        await expect(page.get_by_text("We find no camera.").first).to_be_visible()
        await expect(page.get_by_text("We can't see you").first).to_be_visible()
        await opened(stage, attempt_id, DISABLED)

        await page.evaluate("window.__name = 'NotReadableError'")
        await page.get_by_role("button", name="Open the camera").click()
        await expect(page.get_by_text("Another program uses your camera.").first).to_be_visible()
        await page.evaluate("window.__free = true")
        await page.evaluate(PLUGGED_IN)
        await expect(page.get_by_role("button", name="Open the camera")).to_have_count(0)
        await expect(page.get_by_text("Connected").first).to_be_visible()
        await ended(stage, attempt_id, 1)
        await stage.command("student", attempt_id, "submit")


async def test_a_camera_that_is_busy_at_the_check_in_and_in_the_room(stage: Stage, browser: Browser) -> None:
    await stage.exam("Busy camera", admission="automatic")
    async with at_home(browser, stage, CAMERA_BUSY) as (_, page):
        await sign_in(page, "student@demo.example")
        checking = asyncio.create_task(check_in(page, "Busy camera"))
        await expect(page.get_by_text("Another program uses it.")).to_be_visible(timeout=60_000)
        await page.evaluate("window.__free = true")  # and nobody presses anything
        attempt_id = await checking
        # The init script runs again in the room, where the camera is busy anew.
        await page.get_by_role("button", name="Begin the exam").click()
        await expect(page.get_by_text("Another program uses your camera.").first).to_be_visible()
        await opened(stage, attempt_id, DISABLED)

        await page.evaluate("window.__free = true")
        await expect(page.get_by_role("button", name="Open the camera")).to_have_count(0)
        await ended(stage, attempt_id, 1)
        await stage.command("student", attempt_id, "submit")


async def test_a_camera_that_another_program_takes_and_one_that_replaces_it(
    stage: Stage, browser: Browser
) -> None:
    async with at_home(browser, stage, CAMERA_TAKEN) as (_, page):
        attempt_id = await into_the_room(page, stage, "Taken")
        assert await of_the_camera(stage, attempt_id) == []
        await page.evaluate("__take(true)")
        await expect(page.get_by_text("Your camera is open and sends no picture.").first).to_be_visible()
        await expect(page.get_by_text("We can't see you").first).to_be_visible()
        await opened(stage, attempt_id, DISABLED)
        await page.get_by_role("button", name="Open the camera").click()  # in vain
        await expect(page.get_by_role("button", name="Open the camera")).to_be_visible()
        await page.evaluate(CAMERA_LOST)  # unplugged while the other program has it
        await expect(page.get_by_role("button", name="Open the camera")).to_be_visible()
        await page.evaluate("__take(false)")
        await page.evaluate(PLUGGED_IN)
        await expect(page.get_by_role("button", name="Open the camera")).to_have_count(0)
        await expect(page.get_by_text("Connected").first).to_be_visible()
        await ended(stage, attempt_id, 1)
        await stage.command("student", attempt_id, "submit")
