"""`make run`: every part on one machine with one command, kept alive, stopped in order, nothing silent."""

import asyncio
import signal

from rich.console import Console

from schema.db.migrate import migrate
from schema.queue import Queue
from schema.settings import Settings
from workers.greeting import greet
from workers.owner import sole_owner
from workers.part import Part, RunningPart
from workers.port import until_free
from workers.product import Probe, api_part, api_probe, queue_probe, worker_parts
from workers.temporal_server import prepare_namespace, server_part, server_ports

READY_WITHIN = 90.0


class Supervisor:
    """Starts Temporal, migrates, then starts API and workers; ends them in the opposite order."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self._settings = settings
        self._console = console
        self._running: list[RunningPart] = []
        self._keepers: list[asyncio.Task[None]] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop`. Raises AlreadyRunning, PortTaken, TimeoutError when a part does not get ready."""
        with sole_owner(self._settings.var_dir / "run" / "supervisor.lock", "ProctorWise"):
            try:
                await self._start()
                greet(self._settings, self._console)
                await stop.wait()
            finally:
                await self._end()

    async def _start(self) -> None:
        settings = self._settings
        await self._find_ports_free()
        if settings.temporal_embedded:
            self._launch(server_part(settings))
        self._console.print("Databases: migrating")
        await asyncio.to_thread(migrate, settings.database_url_of)
        client = await prepare_namespace(settings)
        self._console.print(f"Temporal: ready at {settings.temporal_address}")
        for part in (api_part(), *worker_parts(settings)):
            self._launch(part)
        await self._until_ready("API", api_probe(settings))
        for queue in Queue:
            if queue is not Queue.ML or settings.ml_processes:
                await self._until_ready(f"workers of {queue}", queue_probe(client, queue))

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

    async def _until_ready(self, name: str, probe: Probe) -> None:
        try:
            async with asyncio.timeout(READY_WITHIN):
                while not await probe():
                    await asyncio.sleep(0.2)
        except TimeoutError:
            logs = self._settings.var_dir / "log"
            raise TimeoutError(f"{name} did not get ready within {READY_WITHIN:.0f} s; see {logs}") from None
        self._console.print(f"{name}: ready")

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
    """Run until SIGINT or SIGTERM. Raises AlreadyRunning, PortTaken, TimeoutError."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await Supervisor(settings, console).run(stop)
