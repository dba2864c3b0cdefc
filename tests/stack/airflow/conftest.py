"""Airflow of the running stack, and the product that its tasks work on."""

import os
import shlex
from collections.abc import Iterator

import pytest

from schema.db.migrate import migrate
from schema.settings import Settings
from tests.stack.airflow.desk import Desk
from tests.stack.running import RunningStack
from workers.stack.settings import StackSettings


@pytest.fixture(scope="session")
def desk(stack: RunningStack) -> Iterator[Desk]:
    password = StackSettings().airflow_password.get_secret_value()
    desk = Desk.open(f"http://127.0.0.1:{stack.ports.airflow}", password)
    try:
        yield desk
    finally:
        desk.http.close()


@pytest.fixture(scope="session")
def product(stack: RunningStack) -> Settings:
    """The product's settings for this stack, with its databases at the newest schema."""
    lines = stack.ask("env").stdout.splitlines()
    told = dict(word.partition("=")[::2] for line in lines for word in shlex.split(line)[1:])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            if name not in os.environ:
                patch.setenv(name, value)
        settings = Settings(_env_file=None)
    migrate(settings.database_url_of)
    return settings
