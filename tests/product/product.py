"""The whole product as real processes on free ports, whose parts a test may kill, stop and start."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from schema.db.migrate import migrate
from schema.queue import Queue
from schema.settings import Settings
from workers.part import Part, RunningPart
from workers.product import api_part, api_probe, queue_probe, worker_parts
from workers.temporal_server import prepare_namespace, server_part

PROJECT = Path(__file__).parents[2]


class Product:
    """Parts by name: temporal, api, worker-lifecycle, worker-io, worker-ml-1."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.said: list[str] = []
        self._known = {part.name: part for part in _parts(settings)}
        self._running: dict[str, tuple[RunningPart, asyncio.Task[None]]] = {}

    @property
    def server(self) -> str:
        """Where the API answers."""
        return self.settings.public_url

    @property
    def workers(self) -> tuple[str, ...]:
        """The names of all workers."""
        return tuple(name for name in self._known if name.startswith("worker"))

    def start(self, *names: str) -> None:
        """Start parts and keep them alive."""
        for name in names:
            running = RunningPart(self._known[name], self.settings.var_dir, self.said.append)
            self._running[name] = running, asyncio.create_task(running.keep_alive())

    async def stop(self, *names: str) -> None:
        """End parts and leave them ended."""
        for name in names:
            running, keeper = self._running.pop(name)
            await running.stop()
            await keeper

    async def kill(self, *names: str) -> None:
        """SIGKILL parts; they are started again at once, as `make run` does. Raises TimeoutError."""
        for name in names:
            running, _ = self._running[name]
            before = running.pid
            assert before is not None, f"{name} does not run"
            os.kill(before, signal.SIGKILL)
            async with asyncio.timeout(30):
                while running.pid in {None, before}:
                    await asyncio.sleep(0.02)

    async def until_ready(self, within: float = 90.0) -> None:
        """Return once API and all queues answer. Raises TimeoutError."""
        async with asyncio.timeout(within):
            client = await prepare_namespace(self.settings)
            for probe in (api_probe(self.settings), *(queue_probe(client, queue) for queue in Queue)):
                while not await probe():
                    await asyncio.sleep(0.1)

    async def end(self) -> None:
        """End everything, Temporal last."""
        names = sorted(self._running, key=lambda name: name == "temporal")
        await self.stop(*names)


@asynccontextmanager
async def running_product(folder: Path, **changes: object) -> AsyncIterator[Product]:
    """A product with its own var directory and ports, ready to be used."""
    settings = _settings(folder, **changes)
    await asyncio.to_thread(migrate, settings.database_url_of)
    product = Product(settings)
    try:
        product.start("temporal")
        await prepare_namespace(settings)
        product.start("api", *product.workers)
        await product.until_ready()
        yield product
    finally:
        await product.end()


def _settings(folder: Path, **changes: object) -> Settings:
    api, temporal, ui = _free_ports(3)
    return Settings(
        var_dir=folder / "var",
        api_port=api,
        public_url=f"http://localhost:{api}",
        internal_api_url=f"http://127.0.0.1:{api}",
        temporal_address=f"127.0.0.1:{temporal}",
        temporal_ui_url=f"http://localhost:{ui}",
        models_dir=PROJECT / "models",
        rate_limits=False,
        **changes,
    )


def _parts(settings: Settings) -> list[Part]:
    environment = _environment(settings)
    parts = [server_part(settings), api_part(), *worker_parts(settings)]
    return [replace(part, environment=environment) for part in parts]


def _environment(settings: Settings) -> dict[str, str]:
    told = settings.model_dump(mode="json", exclude_defaults=True)
    return {name.upper(): str(value) for name, value in told.items()}


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
