"""The part that corrects, alone, over real SQLite files."""

from collections.abc import AsyncIterator

import httpx
import pytest

from api.app import create_app
from api.password import Passwords
from schema.db.session import Databases
from schema.settings import Part, Settings
from tests.api.corrections.desk import Sitting, sit
from tests.api.house import House, MovableClock


@pytest.fixture
async def desk(settings: Settings, databases: Databases, clock: MovableClock) -> AsyncIterator[House]:
    app = create_app(
        settings,
        frozenset({Part.CORRECTIONS}),
        databases=databases,
        passwords=Passwords(rounds=4),
        clock=clock,
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield House(client, app.state.context, clock)


@pytest.fixture
async def sitting(desk: House) -> Sitting:
    """In progress, with ten minutes to go."""
    made = await sit(desk)
    await made.window()
    return made
