"""One walk through the product: every stop in a state that says something, in the order in which people get there."""

from contextlib import AsyncExitStack
from typing import Any

from playwright.async_api import Browser

from tests.e2e.stage import Stage
from tests.e2e.tour.decision import decide
from tests.e2e.tour.door import at_the_door
from tests.e2e.tour.guide import Guide, Visit
from tests.e2e.tour.office import work
from tests.e2e.tour.seat import sit


async def walk(stage: Stage, browser: Browser, visit: Visit, **look: Any) -> list[str]:
    """Calls `visit` with the stop's name and a page that shows it, once for each stop. Answers what was refused."""
    async with AsyncExitStack() as doors:
        guide = Guide(stage, browser, visit, doors, look)
        await at_the_door(guide)
        attempt_id = await sit(guide)
        await decide(guide, attempt_id)
        await work(guide, attempt_id)
        return [refusal for person in guide.people for refusal in person.refusals]
