"""A real change of tabs, which only a browser that hides its pages can show."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Playwright, expect

from tests.e2e.browser import ARGUMENTS
from tests.e2e.stage import Stage, sign_in
from tests.e2e.test_exam import begin, check_in
from tests.e2e.test_watching import opened

pytestmark = pytest.mark.asyncio(loop_scope="package")


@asynccontextmanager
async def ordinary(playwright: Playwright, film: Path, profile: Path) -> AsyncIterator[Browser]:
    """Chromium as people have it: a page behind another one is hidden, which Playwright's own never are."""
    running = start_chromium(film, profile)
    try:
        port = await asyncio.to_thread(port_of, profile)
        browser = await playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", no_defaults=True)
        yield browser
        await browser.close()
    finally:
        running.terminate()
        await asyncio.to_thread(running.wait, 60)


def start_chromium(film: Path, profile: Path) -> subprocess.Popen[bytes]:
    program = shutil.which("chromium")
    assert program
    own = [
        "--remote-debugging-port=0",
        f"--user-data-dir={profile}",
        f"--use-file-for-fake-video-capture={film}",
    ]
    command = [program, *ARGUMENTS, "--headless=new", *own, "about:blank"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def port_of(profile: Path) -> str:
    """Chromium writes down where it listens: the port, and on another line the rest of the address."""
    told = profile / "DevToolsActivePort"
    for _ in range(300):
        lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
        if len(lines) > 1:
            return lines[0]
        time.sleep(0.2)
    raise TimeoutError(f"Chromium does not say in {told} where it listens")


async def test_a_tab_change_is_seen_as_one_and_said_kindly(
    stage: Stage, playwright: Playwright, film: Path, tmp_path: Path
) -> None:
    await stage.exam("Tabs", admission="automatic")
    async with ordinary(playwright, film, tmp_path / "profile") as browser:
        context = browser.contexts[0]
        page = await context.new_page()
        await page.goto(f"{stage.server}/sign-in")
        await sign_in(page, "student@demo.example")
        attempt_id = await check_in(page, "Tabs")
        await begin(page)

        other = await context.new_page()
        await other.bring_to_front()
        incident = await opened(stage, attempt_id, "tab_change")
        await page.bring_to_front()

        assert incident["severity"] == "medium"
        await expect(page.get_by_text("You were in another tab or window.").first).to_be_visible(
            timeout=20_000
        )
        incidents = await stage.people["admin"].get(f"/api/monitoring/attempts/{attempt_id}/incidents")
        assert sum(one["kind"] == "tab_change" for one in incidents["items"]) == 1
        await stage.command("student", attempt_id, "submit")
