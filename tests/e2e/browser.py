"""A real Chromium with a camera that plays a film, and pages that fail a test when their console complains."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    expect,
)

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
# What the browser itself writes when a request is refused or the network is away; the screens say it in words.
EXPECTED = ("Failed to load resource", "WebSocket connection to", "net::ERR_INTERNET_DISCONNECTED")

# As long as Playwright waits for what is pressed: a machine that stands still for a while is no fault of a screen's.
PATIENCE = 30_000  # milliseconds
expect.set_options(timeout=PATIENCE)


class Watched:
    """A context whose pages are listened to: errors, and requests to anybody else."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        self.context = context
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        # What should not have been asked so, and is written into the console; a busy server's "later" is no fault.
        self.refusals: list[str] = []
        self._own = urlsplit(server).netloc
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._request)
        context.on("response", self._response)

    async def page(self, path: str = "/") -> Page:
        """A new tab at a path of the product."""
        page = await self.context.new_page()
        await page.goto(f"http://{self._own}{path}")
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(said in message.text for said in EXPECTED):
            self.complaints.append(message.text)

    def _response(self, response: Response) -> None:
        if 400 <= response.status < 429:
            path = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "{id}", urlsplit(response.url).path)
            self.refusals.append(f"{response.request.method} {path}: {response.status}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"blob", "data"} and address.netloc != self._own:
            self.strangers.append(request.url)


async def launch(playwright: Playwright, film: Path | None = None, *options: str) -> Browser:
    """Debian's Chromium without a window."""
    program = shutil.which("chromium")
    assert program, "Chromium is not installed; on Debian, as root: apt-get install chromium"
    camera = [f"--use-file-for-fake-video-capture={film}"] if film else []
    env: dict[str, str | float | bool] = {
        **os.environ,
        "LC_ALL": "C.UTF-8",
    }  # who types a date knows the order of its parts
    return await playwright.chromium.launch(
        executable_path=program, args=[*ARGUMENTS, *camera, *options], env=env
    )


@asynccontextmanager
async def watched(browser: Browser, server: str, **options: object) -> AsyncIterator[Watched]:
    """A person's browser; at the end nothing was complained about and nobody else was asked for anything."""
    size = {"width": 1280, "height": 800}
    context = await browser.new_context(**{"viewport": size, "locale": "en", **options})  # type: ignore[arg-type]
    listening = Watched(context, server)
    try:
        yield listening
    finally:
        await context.close()
    assert listening.complaints == [], listening.complaints
    assert listening.strangers == [], listening.strangers
