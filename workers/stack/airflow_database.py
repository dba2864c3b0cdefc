"""PostgreSQL for Airflow: it knows no Galera, and on SQLite two of its processes undo each other's work."""

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from workers.part import Part
from workers.stack.account import Account, account_for
from workers.stack.debian import SEARCHED, require
from workers.stack.engine import Member, Say, Unprepared
from workers.stack.port import HOST, Ports
from workers.stack.settings import StackSettings

USER, DATABASE = "airflow", "postgres"
WITHIN = 120.0  # seconds for a step of preparing
# PostgreSQL's protocol: eight bytes that ask for TLS, answered by one letter before anybody logs in.
ASK_FOR_TLS = bytes.fromhex("00000008 04d2162f")


class AirflowDatabase:
    """One server, its files and its password below the folder `postgres` of the stack."""

    def __init__(self, settings: StackSettings) -> None:
        self._port = Ports(settings.port_offset).airflow_database
        self._home = settings.var_dir / "postgres"
        self._account = account_for("postgres")

    @property
    def url(self) -> str:
        """As SQLAlchemy writes it; its password was made with the database."""
        password = (self._home / "password").read_text(encoding="utf-8")
        return f"postgresql+psycopg2://{USER}:{password}@{HOST}:{self._port}/{DATABASE}"

    def prepare(self, say: Say) -> None:
        """Packages and an empty database. Raises Unprepared."""
        if not _folders():
            require({"postgres": "postgresql"}, say)
        if (self._data / "PG_VERSION").exists():
            return
        say("airflow: making its PostgreSQL")
        self._home.mkdir(parents=True, exist_ok=True)
        password = self._home / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_hex(16), encoding="utf-8")
        self._account.own(self._home)
        self._run("initdb", "-D", str(self._data), "-U", USER, "-A", "scram-sha-256", f"--pwfile={password}",
                  "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions")  # fmt: skip

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The server runs meanwhile, without the keeper. Raises Unprepared."""
        options = " ".join(self._options())
        log = str(self._home / "prepare.log")
        self._run("pg_ctl", "-D", str(self._data), "-l", log, "-w", "-o", options, "start")
        try:
            yield
        finally:
            self._run("pg_ctl", "-D", str(self._data), "-w", "-m", "fast", "stop")

    def member(self) -> Member:
        """The server as the keeper starts it."""
        command = (sys.executable, "-m", "workers.stack.airflow_database", program("postgres"),
                   "-D", str(self._data), *self._options())  # fmt: skip
        part = Part("airflow-database", command, stop_within=30)
        return Member(
            part, f"postgresql://{USER}:…@{HOST}:{self._port}/{DATABASE}", (self._port,), self._is_ready
        )

    def _options(self) -> tuple[str, ...]:
        return ("-h", HOST, "-p", str(self._port), "-k", str(self._home), "-c", "shared_buffers=32MB",
                "-c", "max_connections=60", "-c", "jit=off", "-c", "synchronous_commit=off")  # fmt: skip

    def _run(self, name: str, *words: str) -> None:
        with (self._home / f"{name}.log").open("wb") as said:
            done = subprocess.run(
                (program(name), *words), stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=WITHIN,
                check=False, preexec_fn=self._account.become, cwd="/", env=_plain(os.environ),
            )  # fmt: skip
        if done.returncode:
            told = (self._home / f"{name}.log").read_text(encoding="utf-8", errors="replace")
            raise Unprepared(f"{name} failed:\n{told[-2_000:]}")

    async def _is_ready(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection(HOST, self._port)
            writer.write(ASK_FOR_TLS)
            answer = await asyncio.wait_for(reader.read(1), 3)
            writer.close()
        except (OSError, TimeoutError):
            return False
        return answer in {b"N", b"S"}

    @property
    def _data(self) -> Path:
        return self._home / "data"


def program(name: str) -> str:
    """The newest installed version's program; Debian keeps each version's in a folder of its own. Raises Unprepared."""
    for folder in _folders():
        if (folder / name).exists():
            return str(folder / name)
    raise Unprepared(f"{name} is not installed; on Debian, as root: apt-get install postgresql")


def _folders() -> list[Path]:
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True
    )
    folders = [*debian, *(Path(folder) for folder in SEARCHED.split(os.pathsep))]
    return [folder for folder in folders if (folder / "postgres").exists()]


def _plain(environment: Mapping[str, str]) -> dict[str, str]:
    """Without variables that would tell the server's programs another place."""
    return {name: value for name, value in environment.items() if not name.startswith("PG")}


def become(account: Account, command: list[str]) -> None:
    """Replace this process by the server, which refuses to run as root."""
    account.become()
    os.chdir("/")
    os.execve(command[0], command, _plain(os.environ))  # noqa: S606 - the keeper's child becomes the server


if __name__ == "__main__":
    become(account_for("postgres"), sys.argv[1:])
