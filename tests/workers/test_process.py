"""The loops beside the workers: they end when told, and one that cannot is not waited for."""

import asyncio
from datetime import timedelta

import pytest

from workers.beside import in_turns
from workers.process import run_beside

SOON = timedelta(milliseconds=50)


async def heeds(stop: asyncio.Event) -> None:
    await stop.wait()


async def hangs(stop: asyncio.Event) -> None:
    await asyncio.Event().wait()


async def fails(stop: asyncio.Event) -> None:
    raise LookupError("the loop's own trouble")


async def test_a_loop_that_waits_for_a_store_does_not_keep_the_process() -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(run_beside((heeds, hangs), stop, SOON))
    await asyncio.sleep(0)

    stop.set()

    done, _ = await asyncio.wait([running], timeout=60)
    assert done == {running}
    assert running.exception() is None


async def test_a_loop_that_fails_ends_the_others_and_is_heard() -> None:
    with pytest.raises(LookupError, match="the loop's own trouble"):
        await run_beside((heeds, fails, hangs), asyncio.Event(), SOON)


async def test_a_step_that_fails_is_tried_again_at_the_next_turn(caplog: pytest.LogCaptureFixture) -> None:
    stop, turns = asyncio.Event(), 0

    async def step() -> None:
        nonlocal turns
        turns += 1
        if turns == 3:
            stop.set()
        raise ConnectionResetError("the database is away")

    await in_turns("seats", step, timedelta(milliseconds=1))(stop)

    assert turns >= 3
    assert "seats cannot be looked after now" in caplog.text
    assert "the database is away" in caplog.text
