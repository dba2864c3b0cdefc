"""The analytics part over real SQLite files, and results as the batch jobs leave them there."""

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.password import Passwords
from schema.db.session import Databases
from schema.settings import Part, Settings
from tests.api.analytics.jobs import Results
from tests.api.house import House, MovableClock


@pytest.fixture
def app(settings: Settings, databases: Databases, clock: MovableClock) -> FastAPI:
    parts = frozenset({Part.ANALYTICS})
    return create_app(settings, parts, databases=databases, passwords=Passwords(rounds=4), clock=clock)


@pytest.fixture
def results(house: House) -> Results:
    return Results(house.context.databases.analytics)
