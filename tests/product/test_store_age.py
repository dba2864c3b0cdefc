"""A loss of power leaves the databases seconds older than Temporal: rows, moves and numbers come back."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from api.demo.cast import Cast
from api.demo.mailbox import SmtpMailbox
from api.demo.story import command, until
from api.demo.summary import pages
from schema.db.session import Databases
from tests.product.arrange import begun
from tests.product.house import House, Say
from tests.product.product import API, IO, LIFECYCLE, running_product
from tests.product.script import Script
from workers.temporal_server import prepare_namespace

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(900)]

PARTS = (API, LIFECYCLE, IO)  # nobody needs to watch
STARTS_WITHIN = 300.0  # four processes at once on a busy machine
REPAIRED = 120.0  # the sweep needs half a minute; a busy machine more


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A product of its own, since its stores are put back."""
    mailbox, folder = SmtpMailbox(), tmp_path_factory.mktemp("store-age")
    settings: dict[str, Any] = {"use_mock_senders": False, "smtp_port": mailbox.port}
    async with running_product(folder, parts=PARTS, within=STARTS_WITHIN, **settings) as product:
        databases = Databases.open(product.settings.database_url_of)
        house = House(product, databases, mailbox)
        await house.engage()
        try:
            yield house
        finally:
            await house.leave()
            await databases.close()
    mailbox.close()


def copy_of(files: list[Path], folder: Path) -> list[tuple[Path, Path]]:
    """Each file as it is now, log included."""
    folder.mkdir()
    pairs = [(file, folder / file.name) for file in files]
    for file, kept in pairs:
        source, target = sqlite3.connect(file), sqlite3.connect(kept)
        with target:
            source.backup(target)
        source.close()
        target.close()
    return pairs


async def power_fails(house: House, kept: list[tuple[Path, Path]]) -> None:
    """Everything dies at once, and these files are as old as their copies when it comes back.

    Whoever holds the databases open in this process writes to nobody's files afterwards: that test is the last one.
    """
    await house.product.down("temporal", *PARTS)
    for file, copy in kept:
        for name in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
            name.unlink(missing_ok=True)
        shutil.copy(copy, file)
    house.product.start("temporal")
    await prepare_namespace(house.product.settings, within=STARTS_WITHIN)
    house.product.start(*PARTS)
    await house.product.until_serving(*PARTS, within=STARTS_WITHIN)


def databases_of(house: House) -> list[Path]:
    return sorted((house.product.settings.var_dir / "db").glob("*.sqlite3"))


async def shown(cast: Cast, attempt_id: str) -> dict[str, Any]:
    view: dict[str, Any] = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
    return view


def told(house: House, attempt_id: str) -> Iterator[dict[str, Any]]:
    """Every event of the attempt in the lake."""
    for file in (house.product.settings.lake_dir / "raw" / "events").rglob("*.jsonl"):
        for line in file.read_text().splitlines():
            event = json.loads(line)
            if event["attempt_id"] == attempt_id:
                yield event


def numbers_used_twice(house: House, attempt_id: str) -> list[tuple[str, int]]:
    by_number = Counter((event["source"], event["sequence"]) for event in told(house, attempt_id))
    return [number for number, many in by_number.items() if many > 1]


async def test_databases_seconds_older_than_temporal(house: House, tmp_path: Path, say: Say) -> None:
    cast = await house.cast()
    attempt_id, _ = await begun(house, cast, shuffle_questions=False)
    script = await Script.open(cast.student, attempt_id)
    kept = copy_of(databases_of(house), tmp_path / "databases")
    extended = await command(cast.proctor, attempt_id, "extend", {"by": "PT10M"})
    submitted = await command(cast.student, attempt_id, "submit")
    await until(lambda: _is(cast, attempt_id, "marking", "marked"), "the marks", within=REPAIRED)
    await until(lambda: _tells(house, attempt_id, "submit"), "the event in the lake", within=REPAIRED)

    await power_fails(house, kept)
    await until(lambda: _is(cast, attempt_id, "marking", "marked"), "the row again", within=REPAIRED)
    stands = await shown(cast, attempt_id)
    late = await script.save(0)

    assert stands["phase"] == "submitted"
    assert stands["submitted_at"] == submitted["submitted_at"]
    assert stands["clock_version"] > extended["clock_version"]
    assert (late.status_code, late.json()["standing"]) == (202, "late")
    verbs = [move["verb"] for move in await _moves(cast, attempt_id) if move["machine"] == "attempt"]
    assert verbs[-2:] == ["extend", "submit"]
    assert numbers_used_twice(house, attempt_id) == []
    say("stores: databases older, the row and its moves came back from the history")


async def _moves(cast: Cast, attempt_id: str) -> list[dict[str, Any]]:
    return await pages(cast.admin, f"/api/reservations/attempts/{attempt_id}/moves")


async def _is(cast: Cast, attempt_id: str, name: str, value: str) -> bool:
    return bool((await shown(cast, attempt_id))[name] == value)


async def _tells(house: House, attempt_id: str, verb: str) -> bool:
    return any(event["data"].get("verb") == verb for event in told(house, attempt_id))
