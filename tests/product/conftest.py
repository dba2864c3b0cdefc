"""One product for all tests of this folder: real processes, encrypted payloads, a real mail server."""

import base64
import os
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from api.demo.mailbox import SmtpMailbox
from schema.db.session import Databases
from tests.product.house import House
from tests.product.product import running_product

# A reservation's history grows by some 16 events with each move to another slot: a few of them reach this.
SUGGEST_NEW_RUN_AFTER = 60

FIGURES: list[str] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests of the product counted, green or red."""
    if FIGURES:
        terminalreporter.section("what the product's tests counted")
    for line in FIGURES:
        terminalreporter.write_line(line)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    mailbox = SmtpMailbox()
    options = ("--dynamic-config-value", f"limit.historyCount.suggestContinueAsNew={SUGGEST_NEW_RUN_AFTER}")
    settings = {
        "payload_keys": f"test:{base64.b64encode(os.urandom(32)).decode()}",
        "use_mock_senders": False,
        "smtp_port": mailbox.port,
    }
    began = time.monotonic()
    async with running_product(tmp_path_factory.mktemp("product"), options, **settings) as product:
        databases = Databases.open(product.settings.database_url_of)
        house = House(product, databases, mailbox, FIGURES.append)
        house.say(f"the product was ready after {time.monotonic() - began:.1f} s")
        await house.engage()
        try:
            yield house
        finally:
            await house.leave()
            await databases.close()
    mailbox.close()
