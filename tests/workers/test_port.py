"""Ports: a free one is taken at once, one that another program keeps is said in words with the setting to change."""

import asyncio
import socket
from datetime import timedelta

import pytest

from workers.port import PortTaken, until_free

SHORT = timedelta(milliseconds=300)


@pytest.fixture
def said() -> list[str]:
    return []


async def test_a_port_that_a_stranger_keeps_is_refused_in_words(said: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} is taken .* API_PORT"):
            await until_free("127.0.0.1", port, "API_PORT", said.append, SHORT)

    assert len(said) == 1


async def test_a_port_that_becomes_free_is_waited_for(said: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as ending:
        port = ending.getsockname()[1]
        waiting = asyncio.create_task(until_free("127.0.0.1", port, "API_PORT", said.append))
        await asyncio.sleep(0.1)
        assert not waiting.done()
    await waiting


async def test_a_free_port_needs_no_words(said: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    await until_free("127.0.0.1", port, "API_PORT", said.append)

    assert said == []
