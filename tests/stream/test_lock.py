"""A second API on the same spool is refused in words, and the first goes on; the lock ends with its process."""

import asyncio
import os
import sys

import pytest

from api.spool.lock import SpoolTaken, locked, spool_or_exit
from schema.settings import Settings
from tests.stream.node import free_port, serving
from tests.stream.test_restart import process


async def refused(settings: Settings) -> tuple[int, str]:
    """(code, words) of a second process on another port."""
    environment = {**os.environ, "VAR_DIR": str(settings.var_dir)}
    command = (sys.executable, "-m", "api", "--part", "monitoring", "--port", str(free_port()))
    second = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(second.communicate(), 60)
    return second.returncode or 0, said.decode()


async def test_a_second_process_ends_naming_the_first(settings: Settings) -> None:
    async with process(settings) as first:
        code, said = await refused(settings)
        assert first.returncode is None

    assert code != 0
    assert f"process {first.pid} of" in said
    assert settings.internal_api_url in said
    assert "NODE_ID" in said
    assert "Traceback" not in said


async def test_a_second_application_does_not_start_and_a_later_one_does(settings: Settings) -> None:
    folder = settings.spool_dir
    words = f"process {os.getpid()} of .*, which serves elsewhere"
    with locked(folder, "elsewhere"), pytest.raises(SpoolTaken, match=words), locked(folder, "here"):
        raise AssertionError("it was taken twice")
    async with serving(settings) as (node, _):
        assert (await node.client.get("/healthz")).status_code == 200
        with pytest.raises(SystemExit, match=settings.internal_api_url):
            spool_or_exit(folder)
    spool_or_exit(folder)
