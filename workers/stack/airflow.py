"""Apache Airflow in its own environment: API server with its screens, scheduler, reader of the DAG files."""

import base64
import json
import secrets
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx

from workers.part import Part
from workers.product import Probe
from workers.stack.airflow_database import AirflowDatabase
from workers.stack.airflow_home import PROGRAM, ROOT, home_of
from workers.stack.engine import Member, Say, Unprepared
from workers.stack.port import HOST, Ports
from workers.stack.settings import StackSettings
from workers.stack.template import fill

USER = "admin"
# One job at a time reads or rewrites the lake: compaction never replaces what a Spark job reads.
POOL = ("lake", "1", "Jobs that read or rewrite the lake, one at a time")
DATABASE_WITHIN = 180.0


class Airflow:
    """Three processes over one database; the scheduler runs tasks as its children."""

    name = "airflow"

    def __init__(self, settings: StackSettings) -> None:
        self._settings = settings
        self._ports = Ports(settings.port_offset)
        self._home = home_of(settings)
        self._database = AirflowDatabase(settings)
        self._address = f"http://{HOST}:{self._ports.airflow}"

    def prepare(self, say: Say) -> None:
        """Configuration, password, database. Raises Unprepared when Airflow is not installed."""
        if not PROGRAM.exists():
            raise Unprepared(f"Airflow is not installed in {PROGRAM.parents[1]}; `make airflow` does it")
        self._database.prepare(say)
        self._configure()
        made = self._home / "database.made"
        version = self._version()
        if not made.exists() or made.read_text(encoding="utf-8") != version:
            say("airflow: making the tables")
            with self._database.serving():
                self._ask("db", "migrate")
                self._ask("pools", "set", *POOL)
            made.write_text(version, encoding="utf-8")
        self._begun.write_text(datetime.now(UTC).isoformat(), encoding="utf-8")

    def members(self) -> tuple[Member, ...]:
        port, health = self._ports.airflow, self._ports.airflow_scheduler
        screens = f"http://localhost:{port}, account {USER}"
        return (
            self._database.member(),
            Member(self._part("api", "api-server"), screens, (port,), self._serves()),
            Member(
                self._part("scheduler", "scheduler", "--skip-serve-logs"),
                f"http://{HOST}:{health}/health",
                (health,),
                self._schedules(),
            ),
            Member(self._part("dags", "dag-processor"), f"reads {ROOT / 'dags'}", (), self._reads_dags()),
        )

    def _part(self, name: str, *words: str) -> Part:
        command = (sys.executable, "-u", "-m", "workers.stack.airflow_command", *words)
        return Part(f"airflow-{name}", command, stop_within=20)

    def _configure(self) -> None:
        secret = self._kept("secret", lambda: secrets.token_hex(32))
        fernet = self._kept("fernet", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
        password = self._settings.airflow_password.get_secret_value()
        passwords = self._kept("passwords.json", lambda: json.dumps({USER: password}), again=True)
        fill(
            "airflow/airflow.cfg", self._home / "airflow.cfg", host=HOST, port=self._ports.airflow,
            health_port=self._ports.airflow_scheduler, dags=ROOT / "dags", logs=self._home / "logs",
            database=self._database.url, passwords=passwords, secret=secret.read_text(encoding="utf-8"),
            fernet_key=fernet.read_text(encoding="utf-8"),
            retry_delay=int(self._settings.airflow_retry_delay.total_seconds()),
        )  # fmt: skip

    def _kept(self, name: str, make: Callable[[], str], *, again: bool = False) -> Path:
        path = self._home / name
        if again or not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(make(), encoding="utf-8")
        return path

    def _version(self) -> str:
        return "".join(
            sorted(path.name for path in PROGRAM.parents[1].glob("lib/*/site-packages/apache_airflow*"))
        )

    def _ask(self, *words: str) -> None:
        command = (sys.executable, "-m", "workers.stack.airflow_command", *words)
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=DATABASE_WITHIN, check=False, cwd=ROOT
        )
        if done.returncode:
            said = f"{done.stdout[-2_000:]}{done.stderr[-2_000:]}"
            raise Unprepared(f"airflow {' '.join(words)} failed:\n{said}")

    def _serves(self) -> Probe:
        async def is_ready() -> bool:
            return await self._health() is not None

        return is_ready

    def _schedules(self) -> Probe:
        async def is_ready() -> bool:
            return await _answer(f"http://{HOST}:{self._ports.airflow_scheduler}/health") is not None

        return is_ready

    def _reads_dags(self) -> Probe:
        """It has no port: the API server tells when it last gave a sign, which must be since this start."""

        async def is_ready() -> bool:
            health = (await self._health() or {}).get("dag_processor") or {}
            seen = health.get("latest_dag_processor_heartbeat")
            if health.get("status") != "healthy" or not seen:
                return False
            return datetime.fromisoformat(seen) > datetime.fromisoformat(self._begun.read_text())

        return is_ready

    async def _health(self) -> dict[str, dict[str, str]] | None:
        answer = await _answer(f"{self._address}/api/v2/monitor/health")
        return None if answer is None else answer.json()

    @property
    def _begun(self) -> Path:
        return self._home / "begun"


async def _answer(address: str) -> httpx.Response | None:
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
            answer = await client.get(address)
    except httpx.HTTPError:
        return None
    return answer if answer.is_success else None
