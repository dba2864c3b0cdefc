"""What a command starts ends with it, however deep it went, and its exit code is passed on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A grandchild in a session of its own, as Airflow starts a task's shell; it says its process id.
DEEP = "from subprocess import Popen; print(Popen(['sleep', '300'], start_new_session=True).pid, flush=True)"


def begin(program: str) -> subprocess.Popen[str]:
    command = (sys.executable, "-m", "workers.stack.brood", sys.executable, "-c", program)
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    with process.stdout:
        return int(process.stdout.readline())


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def test_the_exit_code_is_passed_on() -> None:
    process = begin("raise SystemExit(7)")

    with process:
        assert process.wait(60) == 7


def test_a_deep_grandchild_ends_with_the_command() -> None:
    process = begin(DEEP)

    with process:
        grandchild = said(process)
        assert process.wait(60) == 0
    assert not lives(grandchild)


@pytest.mark.parametrize("stubborn", ["", "; import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"])
def test_a_signal_ends_all_of_it(stubborn: str) -> None:
    process = begin(f"{DEEP}; import time{stubborn}; print('ready', flush=True); time.sleep(300)")

    with process:
        assert process.stdout is not None
        grandchild = int(process.stdout.readline())
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.wait(60) == 128 + (signal.SIGKILL if stubborn else signal.SIGTERM)
    assert not lives(grandchild)


def test_the_command_ends_when_its_keeper_is_killed() -> None:
    process = begin("import os, time; print(os.getpid(), flush=True); time.sleep(300)")

    with process:
        child = said(process)
        os.kill(process.pid, signal.SIGKILL)
    until(lambda: not lives(child))
