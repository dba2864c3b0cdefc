"""One worker process: the workers of its queues and the loops that live beside them, until SIGTERM."""

import asyncio
import logging
import signal
from contextlib import AsyncExitStack
from datetime import timedelta

from schema.queue import Queue
from schema.settings import Settings
from workers.beside import Loop, loops_of
from workers.build import BUILDERS
from workers.equipment import equipment
from workers.restore.settlement import Settlement
from workers.serving import marks_of

LOG = logging.getLogger(__name__)
LOOPS_END_WITHIN = timedelta(seconds=5)  # a supervisor kills a process after 15


async def serve(settings: Settings, queues: tuple[Queue, ...]) -> None:
    """Serve until SIGTERM or SIGINT; activities get a moment to end. Ends with an error when a loop does."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        tools = await stack.enter_async_context(equipment(settings))
        # Before anything is written: a loss of power may have taken the last numbers with it. A lake in HDFS is
        # too large to be read at each start: the timeline tells, and after a restore the command `repair`.
        settlement = Settlement(tools.databases, tools.store)
        await settlement.settle_numbers(with_lake=settings.use_local_storage)
        if settings.use_local_storage:
            await settlement.settle_mails()
        if Queue.ML in queues:
            from workers.registry.equipment import register_quietly

            await register_quietly(settings, tools.store)
        for queue in queues:
            await stack.enter_async_context(BUILDERS[queue](tools))
        LOG.info("serving %s", ", ".join(queues))
        marking = marks_of(tools) if Queue.LIFECYCLE in queues else ()
        await run_beside((*marking, *(loops_of(tools) if Queue.IO in queues else ())), stop)


async def run_beside(
    loops: tuple[Loop, ...], stop: asyncio.Event, end_within: timedelta = LOOPS_END_WITHIN
) -> None:
    """Run loops until `stop`, or until one ends. Raises what that one raised."""
    waiting = asyncio.create_task(stop.wait())
    tasks = [asyncio.ensure_future(loop(stop)) for loop in loops]
    done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    _, late = await asyncio.wait([waiting, *tasks], timeout=end_within.total_seconds())
    for task in late:  # it waits for a store that is away, say; what it was at comes again at the next start
        task.cancel()
    await asyncio.gather(waiting, *tasks, return_exceptions=True)
    for task in done:
        task.result()
