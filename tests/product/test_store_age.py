"""A loss of power leaves one store older than the other, an operator ends workflows: attempts go on all the same."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from api.demo.cast import Cast
from api.demo.mailbox import SmtpMailbox
from api.demo.story import command, until
from schema.db.session import Databases
from schema.ids import attempt_workflow_id
from tests.product.arrange import begun, held
from tests.product.house import House, Say
from tests.product.product import running_product
from tests.product.restoring import (
    PARTS,
    REPAIRED,
    STARTS_WITHIN,
    accepted,
    remove_database,
    shown,
    tells,
    told,
    verbs_of,
)
from tests.product.script import Script
from workers.temporal_server import prepare_namespace

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(900)]


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
        remove_database(file)
        shutil.copy(copy, file)
    house.product.start("temporal")
    await prepare_namespace(house.product.settings, within=STARTS_WITHIN)
    house.product.start(*PARTS)
    await house.product.until_serving(*PARTS, within=STARTS_WITHIN)


def temporal_store(house: House) -> list[Path]:
    return [house.product.settings.var_dir / "temporal" / "temporal.sqlite3"]


def databases_of(house: House) -> list[Path]:
    return sorted((house.product.settings.var_dir / "db").glob("*.sqlite3"))


def numbers_used_twice(house: House, attempt_id: str) -> list[tuple[str, int]]:
    by_number = Counter((event["source"], event["sequence"]) for event in told(house, attempt_id))
    return [number for number, many in by_number.items() if many > 1]


async def test_a_terminated_workflow_is_back_within_a_minute(house: House, say: Say) -> None:
    cast = await house.cast()
    exam_id = await house.exam({"check_in_steps": ["consent"]})
    attempt_id = await held(cast, exam_id, await house.slot(exam_id))
    client = await house.product.client()
    for number, (person, name, body) in enumerate(
        (
            (cast.student, "confirm", {}),
            (cast.student, "check-in", {}),
            (cast.student, "check-in/steps", {"step": "consent"}),
            (cast.proctor, "admit", {}),
            (cast.student, "start", {}),
            (cast.student, "submit", {}),
        ),
        start=1,
    ):
        await client.get_workflow_handle(attempt_workflow_id(UUID(attempt_id))).terminate("by mistake")
        await until(lambda: _shows(cast, attempt_id, True), "the system screen to show it", within=60)
        view = await accepted(cast, person, attempt_id, name, **body)
        await until(
            lambda: _shows(cast, attempt_id, False), "the system screen to show none", within=REPAIRED
        )
        assert view["version"] > number
    await until(lambda: _is(cast, attempt_id, "marking", "marked"), "the marks", within=REPAIRED)
    verbs = await verbs_of(cast, attempt_id)
    assert verbs == [
        "reserve", "confirm", "begin_check_in", "complete_check_in", "admit", "start", "submit",
    ]  # fmt: skip
    assert numbers_used_twice(house, attempt_id) == []
    say("orphan: terminated before each of six commands, each time shown, repaired and gone on")


async def test_temporal_seconds_older_than_the_databases(house: House, tmp_path: Path, say: Say) -> None:
    cast = await house.cast()
    attempt_id, started = await begun(house, cast)
    kept = copy_of(temporal_store(house), tmp_path / "temporal")
    extended = await command(
        cast.proctor, attempt_id, "extend", {"by": "PT10M", "reason": "a loud neighbour"}
    )
    paused = await command(cast.proctor, attempt_id, "pause", {"reason": "fire alarm"})

    await power_fails(house, kept)
    stands = await shown(cast, attempt_id)
    back = await accepted(cast, cast.student, attempt_id, "come-back")
    resumed = await accepted(cast, cast.proctor, attempt_id, "resume")

    assert (stands["phase"], stands["version"]) == ("paused", paused["version"])
    assert (back["phase"], resumed["phase"]) == ("paused", "in_progress")
    assert extended["deadline_at"] > started["deadline_at"]
    assert resumed["deadline_at"] >= extended["deadline_at"]
    submitted = await accepted(cast, cast.student, attempt_id, "submit")
    assert submitted["phase"] == "submitted"
    await until(lambda: _is(cast, attempt_id, "marking", "marked"), "the marks", within=REPAIRED)
    verbs = await verbs_of(cast, attempt_id)
    assert [verbs.count(verb) for verb in ("extend", "pause", "resume", "submit")] == [1, 1, 1, 1]
    assert numbers_used_twice(house, attempt_id) == []
    say("stores: Temporal older, the extension and the pause are kept")


async def test_databases_seconds_older_than_temporal(house: House, tmp_path: Path, say: Say) -> None:
    cast = await house.cast()
    attempt_id, _ = await begun(house, cast, shuffle_questions=False)
    script = await Script.open(cast.student, attempt_id)
    kept = copy_of(databases_of(house), tmp_path / "databases")
    extended = await command(cast.proctor, attempt_id, "extend", {"by": "PT10M"})
    submitted = await command(cast.student, attempt_id, "submit")
    await until(lambda: _is(cast, attempt_id, "marking", "marked"), "the marks", within=REPAIRED)
    await until(lambda: tells(house, attempt_id, "submit"), "the event in the lake", within=REPAIRED)

    await power_fails(house, kept)
    await until(lambda: _is(cast, attempt_id, "marking", "marked"), "the row again", within=REPAIRED)
    stands = await shown(cast, attempt_id)
    late = await script.save(0)

    assert stands["phase"] == "submitted"
    assert stands["submitted_at"] == submitted["submitted_at"]
    assert stands["clock_version"] > extended["clock_version"]
    assert (late.status_code, late.json()["standing"]) == (202, "late")
    verbs = await verbs_of(cast, attempt_id)
    assert verbs[-2:] == ["extend", "submit"]
    assert numbers_used_twice(house, attempt_id) == []
    say("stores: databases older, the row and its moves came back from the history")


async def _shows(cast: Cast, attempt_id: str, is_there: bool) -> bool:
    state = await cast.admin.get("/api/analytics/system")
    return is_there is any(one["attempt_id"] == attempt_id for one in state["orphans"])


async def _is(cast: Cast, attempt_id: str, name: str, value: str) -> bool:
    return bool((await shown(cast, attempt_id))[name] == value)
