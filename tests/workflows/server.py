"""The two Temporal servers of these tests, from the installed wheels."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from tests.workflows.worker import SEARCH_ATTRIBUTES

BINARIES = Path(sys.executable).parent
STARTS_WITHIN = timedelta(minutes=1)  # five seconds, as usual, may be too few for a busy machine


@asynccontextmanager
async def time_skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A server that skips to the next timer whenever nothing else happens."""
    async with await WorkflowEnvironment.start_time_skipping(
        data_converter=pydantic_data_converter,
        test_server_existing_path=str(BINARIES / "temporal-test-server"),
        test_server_startup_timeout=STARTS_WITHIN,
    ) as env:
        names = {key.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD for key in SEARCH_ATTRIBUTES}
        request = AddSearchAttributesRequest(namespace=env.client.namespace, search_attributes=names)
        await env.client.operator_service.add_search_attributes(request)
        yield env


@asynccontextmanager
async def development(*settings: str) -> AsyncIterator[WorkflowEnvironment]:
    """The development server, in memory; `settings` are dynamic configuration as key=value."""
    async with await WorkflowEnvironment.start_local(
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(BINARIES / "temporal"),
        search_attributes=SEARCH_ATTRIBUTES,
        dev_server_log_level="error",
        dev_server_startup_timeout=STARTS_WITHIN,
        identity="tests",
        dev_server_extra_args=[word for s in settings for word in ("--dynamic-config-value", s)],
    ) as env:
        yield env
