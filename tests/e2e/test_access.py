"""Every screen in every state of the tour with axe-core, and how heavy the first one is."""

import pytest
from playwright.async_api import Browser

from tests.e2e.browser import watched
from tests.e2e.inspector import LOOK, Inspector
from tests.e2e.stage import Stage
from tests.e2e.tour.stop import STOPS
from tests.e2e.tour.walk import walk

pytestmark = pytest.mark.asyncio(loop_scope="package")

# Refusals that the walk asks for: nobody is signed in yet, and questions that cannot be read.
MEANT = {
    "GET /api/users/me: 401",
    "POST /api/users/sessions/refresh: 401",
    "POST /api/reservations/exams/{id}/import: 422",
}
FIRST_SCREEN_BYTES = 150_000


@pytest.mark.timeout(600)  # a walk through everything, with four looks at each of its stops
async def test_no_screen_keeps_anybody_out(stage: Stage, browser: Browser) -> None:
    inspector = Inspector()

    refused = await walk(stage, browser, inspector.visit, **LOOK)

    assert sorted(set(refused) - MEANT) == []
    assert not inspector.found, "\n".join(inspector.found)
    assert sorted(inspector.seen) == sorted(stop.name for stop in STOPS)


async def test_the_first_screen_is_light(stage: Stage, browser: Browser) -> None:
    async with watched(browser, stage.server) as person:
        page = await person.context.new_page()
        sizes: list[int] = []
        session = await person.context.new_cdp_session(page)
        await session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
        await page.goto(f"{stage.server}/sign-in")
        await page.wait_for_load_state("networkidle")

        assert 0 < sum(sizes) < FIRST_SCREEN_BYTES
