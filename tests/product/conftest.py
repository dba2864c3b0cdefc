"""One product for all tests of this folder: real processes, encrypted payloads, a real mail server."""

import base64
import os
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from api.demo.mailbox import SmtpMailbox
from schema.db.session import Databases
from tests.product.house import House, Say
from tests.product.product import running_product

# A reservation's history grows by some 16 events with each move to another slot: a few of them reach this.
SUGGEST_NEW_RUN_AFTER = 60

# These tests kill parts all the time and compare clocks to the second; what outages owe is the subject of test_outage.
OUTAGE_TOLERANCE = timedelta(hours=1)


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Say:
    """Tells a figure, which pytest shows at its end."""
    return lambda text: record_property("figure", text)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    mailbox = SmtpMailbox()
    options = ("--dynamic-config-value", f"limit.historyCount.suggestContinueAsNew={SUGGEST_NEW_RUN_AFTER}")
    settings: dict[str, Any] = {
        "payload_keys": f"test:{base64.b64encode(os.urandom(32)).decode()}",
        "use_mock_senders": False,
        "smtp_port": mailbox.port,
        "outage_tolerance": OUTAGE_TOLERANCE,
    }
    async with running_product(tmp_path_factory.mktemp("product"), options, **settings) as product:
        databases = Databases.open(product.settings.database_url_of)
        house = House(product, databases, mailbox)
        await house.engage()
        try:
            yield house
        finally:
            await house.leave()
            await databases.close()
    mailbox.close()
