"""Fixtures of the workflows' tests: an attempt on a server that skips time, or on the development server."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.server import development, time_skipping
from tests.workflows.story import Story
from tests.workflows.worker import working
from tests.workflows.world import World


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    async with time_skipping() as env:
        yield env


@pytest.fixture
async def server() -> AsyncIterator[WorkflowEnvironment]:
    async with development() as env:
        yield env


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def story(skipping: WorkflowEnvironment, world: World) -> AsyncIterator[Story]:
    """An attempt that can be started, with all workers at work and time that skips."""
    async with working(skipping.client, world):
        yield await Story.begin(skipping, world)


@pytest.fixture
async def real_story(server: WorkflowEnvironment, world: World) -> AsyncIterator[Story]:
    """The same against the development server, where time passes as it does."""
    async with working(server.client, world):
        yield await Story.begin(server, world)
