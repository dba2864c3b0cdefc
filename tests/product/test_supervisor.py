"""`make run`: a part that dies is started again and reported; Ctrl-C and SIGKILL lose nothing and leave nobody."""

import os
import signal
from pathlib import Path

import pytest

from api.demo.mailbox import SmtpMailbox
from api.demo.story import command, until
from schema.db.session import Databases
from schema.settings import Settings
from tests.product.arrange import begun
from tests.product.house import House, Say
from tests.product.product import Product, settings_in
from tests.product.script import Script
from tests.product.supervised import READY, Supervised, processes_of, until_gone

pytestmark = [pytest.mark.timeout(600), pytest.mark.slow]

PARTS = ("temporal server", "-m api", "proctor-lifecycle", "proctor-io", "proctor-ml")


async def test_one_command_keeps_everything_alive_and_leaves_nothing_behind(tmp_path: Path, say: Say) -> None:
    settings = settings_in(tmp_path, demo_accounts=True)
    mailbox = SmtpMailbox()
    databases = Databases.open(settings.database_url_of)
    house = House(Product(settings), databases, mailbox)
    try:
        await _live(house, settings, say)
    finally:
        await house.leave()
        await databases.close()
        mailbox.close()


async def _live(house: House, settings: Settings, say: Say) -> None:
    async with Supervised.run(settings, "first") as first:
        await first.until_says(READY)
        await _refuses_a_second(settings)
        await _restarts(first, settings, "proctor-lifecycle", "worker-lifecycle")
        attempt_id, script = await _begin(house)
        before = set(processes_of(settings.var_dir))
        first.send(signal.SIGKILL)
        await first.ended()
    async with Supervised.run(settings, "second") as second:
        await second.until_says(READY)
        await until_gone(before, settings.var_dir)
        assert _names(settings.var_dir) == sorted(PARTS)
        await _finish(house, attempt_id, script)
        second.send(signal.SIGINT)
        assert await second.ended() == 0, second.words
    assert processes_of(settings.var_dir) == {}
    say(
        f"supervisor: {len(before)} processes were killed with it or ended, the attempt went on in the next run"
    )


async def _refuses_a_second(settings: Settings) -> None:
    async with Supervised.run(settings, "intruder") as intruder:
        assert await intruder.ended() == 1
    assert "ProctorWise already runs here (process " in intruder.words
    assert READY not in intruder.words


async def _restarts(run: Supervised, settings: Settings, mark: str, name: str) -> None:
    (pid,) = [pid for pid, line in processes_of(settings.var_dir).items() if mark in line]
    os.kill(pid, signal.SIGKILL)
    await run.until_says(f"{name} was killed by SIGKILL; starting it again")

    async def is_back() -> bool:
        return any(mark in line and new != pid for new, line in processes_of(settings.var_dir).items())

    await until(is_back, f"{name} to be back")


async def _begin(house: House) -> tuple[str, Script]:
    await house.engage()
    cast = await house.cast()
    attempt_id, _ = await begun(house, cast)
    script = await Script.open(cast.student, attempt_id)
    await script.save(0)
    return attempt_id, script


async def _finish(house: House, attempt_id: str, script: Script) -> None:
    student, admin = script.student, house.staff["admin"]
    attempt = await admin.get(f"/api/reservations/attempts/{attempt_id}")
    assert attempt["phase"] == "in_progress"
    await script.save(1)
    assert await script.stored() == script.saved
    submitted = await command(student, attempt_id, "submit")
    assert submitted["phase"] == "submitted"


def _names(var_dir: Path) -> list[str]:
    """Which parts run, apart from the supervisor; a part that ran twice would be named twice."""
    lines = processes_of(var_dir).values()
    return sorted(part for line in lines for part in PARTS if part in line)
