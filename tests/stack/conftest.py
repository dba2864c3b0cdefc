"""The native stack for the tests of this folder: beside a developer's own, on moved ports, in its own folder.

`TEST_STACK_ENGINES="galera kafka"` starts some engines only, `TEST_STACK_DIR` and `TEST_STACK_OFFSET` move it.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.stack.running import RunningStack

ROOT = Path(__file__).parents[2]
# Not pytest's own temporary folder: the database's account must be able to enter it.
VAR_DIR = Path(os.environ.get("TEST_STACK_DIR", ROOT / "var" / "stack-test"))
OFFSET = int(os.environ.get("TEST_STACK_OFFSET", "1000"))
ENGINES = os.environ.get("TEST_STACK_ENGINES", "").split()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(420))


@pytest.fixture(scope="session")
def stack() -> Iterator[RunningStack]:
    environment = {
        **os.environ,
        "STACK_VAR_DIR": str(VAR_DIR),
        "STACK_PORT_OFFSET": str(OFFSET),
        # Tests wait for retries, and for one run of each DAG that makes up for missed days: that of its last day.
        "STACK_AIRFLOW_RETRY_DELAY": "PT1S",
        "PROCTORWISE_FIRST_DAY": f"{datetime.now(UTC) - timedelta(days=1, hours=5):%F}",
    }
    stack = RunningStack(VAR_DIR, environment, OFFSET)
    stack.ask("down", check=False)
    shutil.rmtree(VAR_DIR, ignore_errors=True)
    stack.ask("up", *ENGINES)
    try:
        yield stack
    finally:
        stack.ask("down", check=False)
    assert stack.processes() == []
