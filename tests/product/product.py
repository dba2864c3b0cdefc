"""The whole product as real processes on free ports, whose parts a test may kill, stop and start."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from temporalio.client import Client

from schema.db.migrate import migrate
from schema.queue import Queue
from schema.settings import Settings
from tests.product.polling import polling_processes
from workers.connection import connect
from workers.part import Part, RunningPart
from workers.product import api_part, api_probe, worker_parts
from workers.temporal_server import prepare_namespace, server_part

PROJECT = Path(__file__).parents[2]
API, LIFECYCLE, IO, ML = "api", "worker-lifecycle", "worker-io", "worker-ml-1"
WORKERS = (LIFECYCLE, IO, ML)
KILLED = (API, *WORKERS)
QUEUE_OF = {LIFECYCLE: Queue.LIFECYCLE, IO: Queue.IO, ML: Queue.ML}


class Product:
    """Parts by name: temporal, api, worker-lifecycle, worker-io, worker-ml-1."""

    def __init__(self, settings: Settings, server_options: tuple[str, ...] = ()) -> None:
        self.settings = settings
        self.said: list[str] = []
        self._known = {part.name: part for part in _parts(settings, server_options)}
        self._running: dict[str, tuple[RunningPart, asyncio.Task[None]]] = {}

    @property
    def server(self) -> str:
        """Where the API answers."""
        return self.settings.public_url

    def start(self, *names: str) -> None:
        """Start parts and keep them alive."""
        for name in names:
            self._start(self._known[name])

    def start_as(self, name: str, *command: str) -> None:
        """Start a part with another program in its place, and keep it alive."""
        self._start(replace(self._known[name], command=command))

    async def start_node(self, node_id: str) -> Settings:
        """Start another API node on a port of its own, under its id as a name, and wait until it serves."""
        (port,) = free_ports(1)
        address = {"public_url": f"http://localhost:{port}", "internal_api_url": f"http://127.0.0.1:{port}"}
        settings = self.settings.model_copy(update={"node_id": node_id, "api_port": port, **address})
        part = replace(api_part(), name=node_id, environment=environment_of(settings))
        self._known[node_id] = part
        self._start(part)
        async with asyncio.timeout(90):
            while not await api_probe(settings)():
                await asyncio.sleep(0.05)
        return settings

    async def stop(self, *names: str) -> None:
        """End parts and leave them ended."""
        await asyncio.gather(*(self._stop(name) for name in names))

    async def kill(self, *names: str) -> None:
        """SIGKILL parts at once and start them again, without the pause that `make run` makes after a crash."""
        await self.down(*names)
        self.start(*names)

    async def revive(self, *names: str) -> None:
        """Start parts again, Temporal before those that need it, and wait until they serve."""
        if "temporal" in names:
            self.start("temporal")
            await prepare_namespace(self.settings)
        others = [name for name in names if name != "temporal"]
        self.start(*others)
        await self.until_serving(*(others or (API,)), within=300)

    async def down(self, *names: str) -> None:
        """SIGKILL parts at once and leave them dead."""
        for name in names:
            pid = self.pid(name)
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
        await self.stop(*names)

    def pid(self, name: str) -> int | None:
        """The process of a part, while it runs."""
        return self._running[name][0].pid

    def restarts(self, name: str) -> int:
        """How often a part was started again because it had died by itself."""
        return self._running[name][0].restarts

    async def until_serving(self, *names: str, within: float = 240.0) -> None:
        """Return once these very processes answer, or ask for tasks. Raises TimeoutError."""
        client = await self.client()
        async with asyncio.timeout(within):
            for name in names:
                while not await self._serves(client, name):
                    await asyncio.sleep(0.05)

    async def client(self) -> Client:
        """A client of the product's namespace, with its codec."""
        return await connect(self.settings)

    async def end(self) -> None:
        """End everything, Temporal last."""
        await self.stop(*(name for name in self._running if name != "temporal"))
        await self.stop(*self._running)

    def _start(self, part: Part) -> None:
        running = RunningPart(part, self.settings.var_dir, self.said.append)
        self._running[part.name] = running, asyncio.create_task(running.keep_alive())

    async def _stop(self, name: str) -> None:
        running, keeper = self._running.pop(name)
        await running.stop()
        await keeper

    async def _serves(self, client: Client, name: str) -> bool:
        if name == API:
            return await api_probe(self.settings)()
        return self.pid(name) in await polling_processes(client, QUEUE_OF[name])


@asynccontextmanager
async def running_product(
    folder: Path,
    server_options: tuple[str, ...] = (),
    *,
    parts: tuple[str, ...] = KILLED,
    within: float = 300.0,
    **changes: object,
) -> AsyncIterator[Product]:
    """A product with its own var directory and ports, and these parts beside Temporal, ready to be used."""
    settings = settings_in(folder, **changes)
    await asyncio.to_thread(migrate, settings.database_url_of)
    product = Product(settings, server_options)
    try:
        product.start("temporal")
        await prepare_namespace(settings, within=within)
        product.start(*parts)
        await product.until_serving(*parts, within=within)
        yield product
    finally:
        await product.end()


def settings_in(folder: Path, **changes: object) -> Settings:
    """Settings of a product with a var directory and ports of its own."""
    api, temporal, ui = free_ports(3)
    return Settings(
        **{
            "var_dir": folder / "var",
            "api_port": api,
            "public_url": f"http://localhost:{api}",
            "internal_api_url": f"http://127.0.0.1:{api}",
            "temporal_address": f"127.0.0.1:{temporal}",
            "temporal_ui_url": f"http://localhost:{ui}",
            "models_dir": PROJECT / "models",
            "rate_limits": False,
            "demo_accounts": False,
            **changes,
        }  # type: ignore[arg-type]
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """The same settings as another process reads them."""
    told = settings.model_dump(exclude_defaults=True)
    return {name.upper(): _told(value) for name, value in told.items()}


def free_ports(count: int) -> list[int]:
    """Ports on which nobody listens now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _parts(settings: Settings, server_options: tuple[str, ...]) -> list[Part]:
    environment = environment_of(settings)
    server = server_part(settings)
    server = replace(server, command=(*server.command, *server_options))
    parts = [server, api_part(), *worker_parts(settings)]
    return [replace(part, environment=environment) for part in parts]


def _told(value: object) -> str:
    if isinstance(value, timedelta):
        return f"PT{value.total_seconds():f}S"
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
