"""The promises of tests/conftest.py and of pytest's settings, each tried for real."""

import socket
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

ROOT = Path(__file__).parent.parent

SKIPPING = """
import pytest

def test_skipped_by_call():
    pytest.skip("no reason good enough")

@pytest.mark.skip(reason="nor this one")
def test_skipped_by_mark():
    assert True

def test_passes():
    assert True
"""


def run_pytest(folder: Path, *, ci: str) -> str:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-q",
        "-c",
        str(ROOT / "pyproject.toml"),
    ]
    command += [f"--confcutdir={folder}", f"--rootdir={folder}", str(folder)]
    environment = {"PATH": "/usr/bin:/bin", "CI": ci}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def skipping_suite(folder: Path) -> Path:
    (folder / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (folder / "test_some.py").write_text(SKIPPING)
    (folder / "test_module.py").write_text('import pytest\npytest.skip("all", allow_module_level=True)\n')
    return folder


def test_a_skip_fails_in_ci(tmp_path: Path) -> None:
    output = run_pytest(skipping_suite(tmp_path), ci="true")

    assert "2 failed" in output or "1 error" in output, output
    assert "CI runs every test" in output


def test_a_skip_is_only_a_skip_elsewhere(tmp_path: Path) -> None:
    output = run_pytest(skipping_suite(tmp_path), ci="")

    assert "1 passed, 3 skipped" in output, output


def test_the_outside_is_not_reached() -> None:
    with socket.socket() as outside, pytest.raises(SocketConnectBlockedError):
        outside.connect(("192.0.2.1", 80))


def test_loopback_is_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning):
        warnings.warn("forgotten", UserWarning, stacklevel=1)
