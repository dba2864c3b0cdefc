"""Spark's standalone cluster: one master, two workers of one core each, from the pyspark package of the jobs."""

import sys
from pathlib import Path
from typing import Any

import httpx

from workers.part import Part
from workers.stack.debian import require
from workers.stack.engine import Member, Say, Unprepared
from workers.stack.jar import PROGRAMS, Jars
from workers.stack.java import java
from workers.stack.port import HOST, Ports
from workers.stack.settings import StackSettings

ROOT = Path(__file__).parents[2]
WORKERS = (1, 2)
CORES, MEMORY = 1, "1g"  # what one worker lends to executors
SCALA = "2.13"
MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"


class Spark:
    """A cluster for jobs whose SPARK_MASTER is its address. It has no account and no password."""

    name = "spark"

    def __init__(self, settings: StackSettings) -> None:
        self._settings = settings
        self._ports = Ports(settings.port_offset)
        self._jars = Jars(self.name, settings)
        self._home = settings.var_dir / "spark"

    def prepare(self, say: Say) -> None:
        require({"java": PROGRAMS["java"]}, say)
        if not self._package.exists():
            raise Unprepared(f"{self._package} is not there; `make spark` installs it")
        self._jars.prepare(say)
        self._home.mkdir(parents=True, exist_ok=True)

    def members(self) -> tuple[Member, ...]:
        page = f"http://{HOST}:{self._ports.spark_master_page}"
        command = self._java(
            MASTER, "--host", HOST, "--port", str(self._ports.spark_master),
            "--webui-port", str(self._ports.spark_master_page),
        )  # fmt: skip
        ports = (self._ports.spark_master, self._ports.spark_master_page)
        master = Part("spark-master", command, self._environment)
        address = f"{self._address}, its page at {page}"
        return (
            Member(master, address, ports, self._is_alive),
            *(self._worker(number) for number in WORKERS),
        )

    def _worker(self, number: int) -> Member:
        port, page = self._ports.spark_worker(number), self._ports.spark_worker_page(number)
        command = self._java(
            WORKER, "--host", HOST, "--port", str(port), "--webui-port", str(page), "--cores", str(CORES),
            "--memory", MEMORY, "--work-dir", str(self._home / f"worker-{number}"), self._address,
        )  # fmt: skip
        part = Part(f"spark-worker-{number}", command, self._environment)

        async def is_known() -> bool:
            """The master says so: a worker without it lends nothing."""
            workers = (await self._state()).get("workers", [])
            return any(one["port"] == port and one["state"] == "ALIVE" for one in workers)

        return Member(part, f"http://{HOST}:{page}", (port, page), is_known)

    async def _is_alive(self) -> bool:
        return (await self._state()).get("status") == "ALIVE"

    async def _state(self) -> dict[str, Any]:
        """What the master says of itself; nothing while it is silent."""
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=3) as client:
                answer = await client.get(f"http://{HOST}:{self._ports.spark_master_page}/json/")
        except httpx.HTTPError:
            return {}
        state: dict[str, Any] = answer.json() if answer.is_success else {}
        return state

    def _java(self, main: str, *arguments: str) -> tuple[str, ...]:
        # The workers forget finished applications and their files after a day.
        options = ("-Dspark.worker.cleanup.enabled=true", "-Dspark.worker.cleanup.appDataTtl=86400")
        return java(self._settings, (f"{self._package / 'jars'}/*",), main, *arguments, options=options)

    @property
    def _environment(self) -> dict[str, str]:
        """Also the executors': they listen where their worker does."""
        # The version of Scala is what the scripts of Spark find out first; executors do not start without it.
        return {"SPARK_HOME": str(self._package), "SPARK_SCALA_VERSION": SCALA, "SPARK_LOCAL_IP": HOST}

    @property
    def _address(self) -> str:
        return f"spark://{HOST}:{self._ports.spark_master}"

    @property
    def _package(self) -> Path:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return ROOT / ".venv-spark" / "lib" / version / "site-packages" / "pyspark"
