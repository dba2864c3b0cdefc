"""With keys set a stranger's plaintext moves no workflow, and stops none either."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pydantic import SecretStr
from temporalio import workflow
from temporalio.client import Client, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from schema.settings import Settings
from workers.connection import connect
from workers.temporal_server import binary

KEYS = f"k1:{base64.b64encode(b'k' * 32).decode()}"


@workflow.defn
class Guest:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self._heard: list[str] = []

    @workflow.run
    async def run(self, wanted: int) -> list[str]:
        """Until it has heard enough."""
        await workflow.wait_condition(lambda: len(self._heard) >= wanted)
        return self._heard

    @workflow.signal
    def say(self, word: str) -> None:
        """One word."""
        self._heard.append(word)

    @workflow.update
    def ask(self, word: str) -> str:
        """One word, and what it was."""
        self._heard.append(word)
        return word

    @workflow.query
    def echo(self, word: str) -> str:
        """The word."""
        return word


@pytest.fixture
async def stranger() -> AsyncIterator[Client]:
    """Somebody who reaches the server and has no key."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(binary("temporal")),
        dev_server_log_level="error",
        dev_server_startup_timeout=timedelta(minutes=1),
    ) as environment:
        yield environment.client


async def test_a_strangers_messages_are_refused_one_by_one(stranger: Client) -> None:
    settings = Settings(
        _env_file=None,
        payload_keys=SecretStr(KEYS),
        temporal_address=stranger.service_client.config.target_host,
        temporal_namespace=stranger.namespace,
    )
    ours, worker = await connect(settings), await connect(settings, for_worker=True)

    async with Worker(
        worker, task_queue="guests", workflows=[Guest], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        handle = await ours.start_workflow(Guest.run, 2, id="guest", task_queue="guests")
        strange = stranger.get_workflow_handle("guest")
        await strange.signal("say", "let me in")
        with pytest.raises(WorkflowUpdateFailedError):
            await strange.execute_update("ask", "let me in")
        with pytest.raises(WorkflowQueryFailedError):
            await strange.query("echo", "let me in")
        await handle.signal(Guest.say, "good morning")
        assert await handle.execute_update(Guest.ask, "how are you") == "how are you"
        async with asyncio.timeout(60):
            assert await handle.result() == ["good morning", "how are you"]
