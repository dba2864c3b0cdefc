"""What a process needs in order to serve, and how it finds out whether it works."""

import asyncio
import os
from pathlib import Path

from sqlalchemy import text
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from activities.service_marker import Probe
from schema.db.session import Database
from schema.outage.service import Cause


def writes(database: Database) -> Probe:
    """A transaction that may write can be had."""

    async def works() -> bool:
        async with database.write() as session:
            await session.execute(text("SELECT 1"))
        return True

    return Probe(Cause.DATABASE, works)


def reads(database: Database) -> Probe:
    """A query is answered."""

    async def works() -> bool:
        async with database.read() as session:
            await session.execute(text("SELECT 1"))
        return True

    return Probe(Cause.DATABASE, works)


def temporal_answers(client: Client) -> Probe:
    """The server knows the namespace; it asks its own store for it."""

    async def works() -> bool:
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
        return True

    return Probe(Cause.TEMPORAL, works)


def disk_takes(folder: Path) -> Probe:
    """A byte can be written there and is on the disk."""

    def write() -> bool:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.open(folder / ".serves", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(file, b"1")
            os.fdatasync(file)
        finally:
            os.close(file)
        return True

    return Probe(Cause.SPOOL, lambda: asyncio.to_thread(write))
