"""A network that stops without a word: no socket closes, nothing is refused, nothing comes."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Playwright, expect

from tests.e2e.browser import watched
from tests.e2e.network import behind, network
from tests.e2e.stage import Stage, sign_in
from tests.e2e.test_exam import all_saved, answer, begin, check_in
from tests.e2e.test_watching import opened

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def presence(stage: Stage, attempt_id: str) -> dict[str, Any]:
    found: dict[str, Any] = await stage.people["proctor"].get(
        f"/api/monitoring/attempts/{attempt_id}/presence"
    )
    return found


async def until_presence(stage: Stage, attempt_id: str, wanted: str) -> None:
    async with asyncio.timeout(60):
        while (await presence(stage, attempt_id))["presence"] != wanted:
            await asyncio.sleep(0.2)


async def test_a_silent_network_is_said_at_once_and_blamed_on_nobody(
    stage: Stage, playwright: Playwright, film: Path
) -> None:
    await stage.exam("Silent network", admission="automatic")
    async with (
        network(stage.server) as line,
        behind(playwright, film, line, stage.server) as chromium,
        watched(chromium, stage.server) as person,
    ):
        page = await person.page("/sign-in")
        await sign_in(page, "student@demo.example")
        attempt_id = await check_in(page, "Silent network")
        await begin(page)
        await answer(page)
        await all_saved(stage, attempt_id, page, 1)
        await until_presence(stage, attempt_id, "online")

        line.stop()
        await page.get_by_role("button", name="Next", exact=True).click()
        await answer(page)
        await expect(page.get_by_text("You're offline. Keep going.")).to_be_visible(timeout=30_000)
        await until_presence(stage, attempt_id, "missing")
        assert line.swallowed > 0

        line.go_on()
        await expect(page.get_by_text("Connected").first).to_be_visible(timeout=90_000)
        await all_saved(stage, attempt_id, page, 2)
        await until_presence(stage, attempt_id, "online")
        await opened(stage, attempt_id, "connection_lost")
        path = f"/api/monitoring/attempts/{attempt_id}/incidents"
        kinds = {one["kind"] for one in (await stage.people["proctor"].get(path))["items"]}
        assert "webcam_disabled" not in kinds
        await stage.command("student", attempt_id, "submit")
