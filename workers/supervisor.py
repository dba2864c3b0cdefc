"""`make run`: every part on one machine with one command, kept alive, stopped in order, nothing silent."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import TypeVar

from rich.console import Console

from schema.db.migrate import migrate
from schema.queue import Queue
from schema.settings import Settings
from workers.greeting import greet
from workers.owner import sole_owner
from workers.part import Part, RunningPart
from workers.port import until_free
from workers.product import PART_OF, api_part, api_probe, queue_probe, worker_parts
from workers.start import until_ready
from workers.temporal_server import namespace_probe, server_part, server_ports

Ready = TypeVar("Ready")


class Supervisor:
    """Starts Temporal, migrates, then starts API and workers; ends them in the opposite order."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self._settings = settings
        self._console = console
        self._running: list[RunningPart] = []
        self._keepers: list[asyncio.Task[None]] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop`. Raises AlreadyRunning, PortTaken, StartFailed when a part keeps ending as it starts."""
        with sole_owner(self._settings.var_dir / "run" / "supervisor.lock", "ProctorWise"):
            try:
                if await self._started_before(stop):
                    greet(self._settings, self._console)
                    await stop.wait()
            finally:
                await self._end()

    async def _started_before(self, stop: asyncio.Event) -> bool:
        starting = asyncio.create_task(self._start())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                await starting
            return starting.done()
        finally:
            starting.cancel()
            stopping.cancel()
            await asyncio.gather(starting, stopping, return_exceptions=True)

    async def _start(self) -> None:
        settings = self._settings
        await self._find_ports_free()
        if settings.temporal_embedded:
            self._launch(server_part(settings))
        self._console.print("Databases: migrating")
        await asyncio.to_thread(migrate, settings.database_url_of)
        where = f"Temporal at {settings.temporal_address}"
        client = await self._until_ready(where, namespace_probe(settings), "temporal")
        for part in (api_part(), *worker_parts(settings)):
            self._launch(part)
        await self._until_ready("API", api_probe(settings), "api")
        for queue in Queue:
            if queue is not Queue.ML or settings.ml_processes:
                await self._until_ready(f"workers of {queue}", queue_probe(client, queue), PART_OF[queue])

    async def _find_ports_free(self) -> None:
        settings = self._settings
        await until_free(settings.api_host, settings.api_port, "API_PORT", self._say)
        if settings.temporal_embedded:
            host, port, ui_port = server_ports(settings)
            await until_free(host, port, "TEMPORAL_ADDRESS", self._say)
            await until_free(host, ui_port, "TEMPORAL_UI_URL", self._say)

    def _launch(self, part: Part) -> None:
        running = RunningPart(part, self._settings.var_dir, self._say)
        self._running.append(running)
        self._keepers.append(asyncio.create_task(running.keep_alive(), name=part.name))

    async def _until_ready(self, name: str, probe: Callable[[], Awaitable[Ready | None]], part: str) -> Ready:
        parts = [running for running in self._running if running.part.name.startswith(part)]
        logs = self._settings.var_dir / "log" / f"{part}*.log"
        found = await until_ready(name, probe, parts, self._say, logs=str(logs))
        self._console.print(f"{name}: ready")
        return found

    async def _end(self) -> None:
        self._console.print("Stopping; attempts in progress go on at the next start")
        *others, first = reversed(self._running) if self._running else [None]
        await asyncio.gather(*(part.stop() for part in others if part))
        if first:
            await first.stop()
        await asyncio.gather(*self._keepers)

    def _say(self, text: str) -> None:
        self._console.print(f"[yellow]{text}[/yellow]")


async def supervise(settings: Settings, console: Console) -> None:
    """Run until SIGINT or SIGTERM. Raises AlreadyRunning, PortTaken, StartFailed."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await Supervisor(settings, console).run(stop)
