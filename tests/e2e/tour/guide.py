"""Leads a visitor: opens a browser for each person, waits until a screen stands still, and shows it."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import Watched, watched
from tests.e2e.stage import Stage, sign_in

Visit = Callable[[str, Page], Awaitable[None]]
PATIENCE = 30_000  # milliseconds


@dataclass(slots=True)
class Guide:
    """One for a walk; the browsers close with `doors`."""

    stage: Stage
    browser: Browser
    visit: Visit
    doors: AsyncExitStack
    look: dict[str, Any] = field(default_factory=dict)
    people: list[Watched] = field(default_factory=list)

    async def stranger(self) -> Page:
        """A page of somebody who is not signed in."""
        person = await self.doors.enter_async_context(watched(self.browser, self.stage.server, **self.look))
        self.people.append(person)
        return await person.page("/sign-in")

    async def page_of(self, email: str) -> Page:
        """A page of somebody who is signed in, on the start page."""
        page = await self.stranger()
        await sign_in(page, email)
        return page

    async def go(self, page: Page, path: str) -> None:
        """Open a path of the product."""
        await page.goto(f"{self.stage.server}{path}")

    async def show(self, name: str, page: Page) -> None:
        """The stop of this name, once nothing on it is loading any more."""
        await expect(page.locator("#content > *")).not_to_have_count(0, timeout=PATIENCE)
        await expect(page.get_by_text("Loading…").filter(visible=True)).to_have_count(0, timeout=PATIENCE)
        await self.visit(name, page)

    async def tour(self, page: Page, **stops: str) -> None:
        """Stops that need no more than their path, by name (with _ for -)."""
        for name, path in stops.items():
            await self.go(page, path)
            await self.show(name.replace("_", "-"), page)
