"""Two Temporal servers for the workflows' tests: one that skips time, and the real one in its development form."""

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from tests.workflows.story import Story
from tests.workflows.worker import SEARCH_ATTRIBUTES, working
from tests.workflows.world import World

BINARIES = Path(sys.executable).parent


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A server that skips to the next timer whenever nothing else happens."""
    async with await WorkflowEnvironment.start_time_skipping(
        data_converter=pydantic_data_converter,
        test_server_existing_path=str(BINARIES / "temporal-test-server"),
    ) as env:
        names = {key.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD for key in SEARCH_ATTRIBUTES}
        request = AddSearchAttributesRequest(namespace=env.client.namespace, search_attributes=names)
        await env.client.operator_service.add_search_attributes(request)
        yield env


@pytest.fixture
async def server() -> AsyncIterator[WorkflowEnvironment]:
    """The development server, in memory; time passes as it does."""
    async with await WorkflowEnvironment.start_local(
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(BINARIES / "temporal"),
        search_attributes=SEARCH_ATTRIBUTES,
        dev_server_log_level="error",
    ) as env:
        yield env


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def story(skipping: WorkflowEnvironment, world: World) -> AsyncIterator[Story]:
    """An attempt that can be started, with all workers at work and time that skips."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(working(skipping.client, world))
        yield await Story.begin(skipping, world)


@pytest.fixture
async def real_story(server: WorkflowEnvironment, world: World) -> AsyncIterator[Story]:
    """The same against the development server."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(working(server.client, world))
        yield await Story.begin(server, world)
