"""Asks what a job needs whether it is there, before Spark begins its long tries: lake, cluster, database."""

import asyncio
import re
import socket
from urllib.parse import urlparse

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from batch.trouble import Trouble
from schema.db.server import number_of
from schema.db.session import Database
from schema.db.tables.analytics import JobRun
from schema.db.trouble import trouble_of
from schema.failures import Failure

WITHIN = 5.0  # seconds
MASTER_PORT, NAME_NODE_PORT, BROKER_PORT = 7077, 8020, 9092
NO_TABLE = 1146  # MariaDB's number


def see_master(master: str) -> None:
    """A standalone master answers, where SPARK_MASTER names one. Raises Trouble."""
    if re.fullmatch(r"local(\[[\d*, ]+\])?|yarn|k8s://.+", master):
        return
    if not re.fullmatch(r"spark://[^/\s]+", master):
        raise Trouble(f"SPARK_MASTER={master} is no master; write local[2] or spark://host:7077")
    addresses = [urlparse(f"spark://{one}") for one in master.removeprefix("spark://").split(",")]
    silent = [why for one in addresses if (why := _silence(one.hostname, one.port or MASTER_PORT))]
    if len(silent) == len(addresses):
        raise Trouble(f"no Spark master answers at {master} (SPARK_MASTER): {silent[-1]}; is it running?")


def see_lake(lake_url: str) -> None:
    """A name node answers, where SPARK_LAKE_URL names one by host and port. Raises Trouble."""
    address = urlparse(lake_url)
    if address.scheme not in {"hdfs", "webhdfs"}:
        return
    # A host without a port may be the name of a pair of name nodes, which only HADOOP_CONF_DIR explains.
    if address.port is None and "." not in (address.hostname or ""):
        return
    if why := _silence(address.hostname, address.port or NAME_NODE_PORT):
        raise Trouble(
            f"no name node answers at {address.netloc} (SPARK_LAKE_URL={lake_url}): {why}; is it running?"
        )


def see_brokers(bootstrap: str) -> None:
    """A broker answers at one of the addresses. Raises Trouble."""
    addresses = [urlparse(f"kafka://{one.strip()}") for one in bootstrap.split(",")]
    silent = [why for one in addresses if (why := _silence(one.hostname, one.port or BROKER_PORT))]
    if len(silent) == len(addresses):
        raise Trouble(f"no broker answers at {bootstrap} (KAFKA_BOOTSTRAP): {silent[-1]}; is Kafka running?")


async def see_database(address: str) -> None:
    """The analytics database answers, knows the account and has its tables. Raises Trouble."""
    database = Database(address)

    async def look(session: AsyncSession) -> None:
        await session.execute(select(JobRun.job).limit(1))

    try:
        await database.run(look)
    except Failure as error:
        raise Trouble(f"the analytics database (DATABASE_URL) does not answer: {error}") from error
    except DBAPIError as error:
        raise Trouble(_refusal(address, error)) from error
    finally:
        await database.close()


def database_answers(address: str) -> None:
    """`see_database` for those who do not wait otherwise."""
    asyncio.run(see_database(address))


def _refusal(address: str, error: DBAPIError) -> str:
    if number_of(error.orig) == NO_TABLE or "no such table" in str(error.orig):
        return f"the analytics database has no tables for the jobs: {error.orig}. Now make them with `make migrate`"
    return str(trouble_of(address, error))


def _silence(host: str | None, port: int) -> str:
    """Why nobody answers there; empty when somebody does."""
    try:
        socket.create_connection((host or "", port), timeout=WITHIN).close()
    except OSError as error:
        return f"{host}:{port}: {error}"
    return ""
