"""Airflow's own command line in the stack's surroundings: its folder, its mail, the product's settings."""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NoReturn

from workers.port import is_free
from workers.stack.airflow_home import PROGRAM, ROOT, home_of
from workers.stack.environment import environment as product_environment
from workers.stack.port import HOST, Ports
from workers.stack.settings import StackSettings
from workers.stack.stack import Stack

DATABASE_WITHIN = 30.0
MEMBERS_WITHIN = 10.0  # seconds; the keeper writes its list while its first members start


def airflow_environment(settings: StackSettings) -> dict[str, str]:
    """What Airflow itself and its tasks need, the product's settings apart (docs/operations.md)."""
    mail = {
        "conn_type": "smtp",
        "host": HOST,
        "port": Ports(settings.port_offset).smtp,
        "extra": {
            "from_email": settings.airflow_mail_from,
            "disable_ssl": True,
            "disable_tls": True,
            "timeout": 10,
            "retry_limit": 5,
        },
    }
    return {
        "AIRFLOW_HOME": str(home_of(settings)),
        "AIRFLOW_CONN_SMTP_DEFAULT": json.dumps(mail),
        "AIRFLOW_VAR_ALERTS_TO": settings.airflow_alerts_to,
        "PROCTORWISE_HOME": str(ROOT),
        "PROCTORWISE_PYTHON": sys.executable,
        "PROCTORWISE_SPARK_PYTHON": str(ROOT / ".venv-spark" / "bin" / "python"),
        # Otherwise each thread of each process keeps a heap of its own.
        "MALLOC_ARENA_MAX": "2",
        # Small data on a small machine: a job's JVM that compiles little is done sooner.
        "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }


def surroundings(settings: StackSettings, surrounding: Mapping[str, str]) -> dict[str, str]:
    """The whole environment: what a person has set wins over what the stack would say."""
    members = _members(settings)
    own = {**product_environment(members, settings), **airflow_environment(settings)}
    return {**own, **surrounding}


def _wait_for_database(settings: StackSettings) -> None:
    """It starts at the same time; after a while Airflow is started anyway, and says what it lacks."""
    port, until = Ports(settings.port_offset).airflow_database, time.monotonic() + DATABASE_WITHIN
    while is_free(HOST, port) and time.monotonic() < until:
        time.sleep(0.2)


def _members(settings: StackSettings) -> frozenset[str]:
    stack = Stack(settings, lambda _: None)
    until = time.monotonic() + MEMBERS_WITHIN
    while not stack.members and stack.keeper and time.monotonic() < until:
        time.sleep(0.05)
    return stack.members


def become(words: Sequence[str]) -> NoReturn:
    """Replace this process by a small one that runs `airflow …`, and ends whatever its tasks leave behind."""
    _wait_for_database(StackSettings())
    keeper = (sys.executable, "-m", "workers.stack.brood", str(PROGRAM))
    os.execve(sys.executable, (*keeper, *words), surroundings(StackSettings(), os.environ))  # noqa: S606


if __name__ == "__main__":
    become(sys.argv[1:])
