"""Older copies are put back, in place and into a new directory: attempts go on, nothing is told or numbered twice."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from api.demo.mailbox import SmtpMailbox
from api.demo.story import until
from schema.db.session import Databases
from tests.product.house import House, Say
from tests.product.product import Product, running_product
from tests.product.restoring import (
    DAY,
    PARTS,
    REPAIRED,
    STARTS_WITHIN,
    Copies,
    Scene,
    accepted,
    mails_sent_twice,
    numbers_of_two,
    run_command,
    shown,
    stands,
    start_and_repair,
    tells,
    verbs_of,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(1200)]

AGREES = "Every open attempt, review, retention and operation agrees with its workflow."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A product of its own, since its stores are put back; what outages owe is the subject of test_outage."""
    mailbox, folder = SmtpMailbox(), tmp_path_factory.mktemp("restore")
    settings: dict[str, Any] = {
        "use_mock_senders": False,
        "smtp_port": mailbox.port,
        "outage_tolerance": timedelta(hours=1),
    }
    async with running_product(folder, parts=PARTS, within=STARTS_WITHIN, **settings) as product:
        house = House(product, Databases.open(product.settings.database_url_of), mailbox)
        await house.engage()
        try:
            yield house
        finally:
            await house.leave()
            await house.databases.close()
            await house.product.end()
    mailbox.close()


async def is_as_acknowledged(house: House, scene: Scene) -> None:
    """What was acknowledged after the copies were taken is there, once."""
    for attempt_id, facts in (
        (scene.opened, {"phase": "in_progress", "deadline_at": scene.extended["deadline_at"]}),
        (scene.closing, {"phase": "submitted", "submitted_at": scene.submitted["submitted_at"]}),
        (scene.later, {"phase": "reserved"}),
    ):
        await until(lambda of=attempt_id, so=facts: stands(scene.open_to, of, **so), f"{facts}", REPAIRED)  # type: ignore[misc]
        verbs = await verbs_of(scene.open_to, attempt_id)
        assert len(verbs) == len(set(verbs)), verbs
        assert numbers_of_two(house, attempt_id) == []
    await until(lambda: stands(scene.open_to, scene.closing, marking="marked"), "the marks", REPAIRED)


async def test_restored_in_place(house: House, tmp_path: Path, say: Say) -> None:
    scene, copies = await Scene.play(house), Copies(house, tmp_path)
    await copies.take()
    await scene.go_on(house)
    sent = scene.mailed(house)

    said = await copies.put_back(databases=True, temporal=False)
    await is_as_acknowledged(house, scene)
    assert AGREES in said
    assert "Mails are sent again." in said
    assert "held" not in said
    say(f"databases older: {said.strip()}")

    said = await copies.put_back(databases=False, temporal=True)
    await is_as_acknowledged(house, scene)
    assert AGREES in said
    say(f"Temporal older: {said.strip()}")

    said = await copies.put_back(databases=True, temporal=True)
    await is_as_copied(scene)
    assert not await stands(scene.open_to, scene.later)
    assert AGREES in said
    await until(lambda: stands(scene.open_to, scene.closing, marking="marked"), "the marks", REPAIRED)
    await accepted(scene.open_to, scene.open_to.proctor, scene.opened, "pause", reason="fire alarm")
    await until(lambda: tells(house, scene.opened, "pause"), "the pause in the lake", REPAIRED)
    assert numbers_of_two(house, scene.opened) == numbers_of_two(house, scene.closing) == []
    assert mails_sent_twice(house) == []
    assert scene.mailed(house) == sent
    acts = await house.staff["admin"].get("/api/users/audit-log", kind="restored")
    assert len(acts["items"]) == 1  # the second restore took the first one's act with it
    say(f"both older: {said.strip()}")


async def test_restored_into_a_new_directory(house: House, tmp_path: Path, say: Say) -> None:
    """Neither Temporal's store nor the lake survived."""
    scene, copies = await Scene.play(house), Copies(house, tmp_path)
    await copies.take()
    await scene.go_on(house)
    sent, old_lake = scene.mailed(house), house.product.settings.lake_dir
    over_at = datetime.fromisoformat(scene.deadline_of_closing)
    await until(lambda: is_past(over_at), "the deadline to pass", REPAIRED)

    said = await moved_to(house, tmp_path / "var")
    await is_as_copied(scene)
    assert scene.script is not None
    assert list(await scene.script.stored()) == [scene.script.questions[0]["question_id"]]
    await accepted(scene.open_to, scene.open_to.student, scene.opened, "submit")
    await until(lambda: tells(house, scene.opened, "submit"), "the end in the new lake", REPAIRED)
    await until(lambda: stands(scene.open_to, scene.opened, marking="marked"), "the marks", REPAIRED)

    assert AGREES in said
    assert "which are held, too" in said
    for attempt_id in (scene.opened, scene.closing):
        assert numbers_of_two(house, attempt_id, old_lake) == []
    assert mails_sent_twice(house) == []
    assert scene.mailed(house) == sent
    held = [
        (await run_command(house.product.settings, "held-mails", word))[1]
        for word in ("show", "drop", "show")
    ]
    assert int(held[0].split()[0]) >= 2  # that the one was closed, and that the other was handed in
    assert "given up" in held[1]
    assert held[2].startswith("0 mails")
    say(f"new directory: {said.strip()}")


async def is_past(at: datetime) -> bool:
    return datetime.now(UTC) > at


async def moved_to(house: House, var_dir: Path) -> str:
    """Everything is lost but the copy of the databases; what the repair said."""
    old = house.product.settings
    await house.product.down("temporal", *PARTS)
    await house.databases.close()
    settings = old.model_copy(update={"var_dir": var_dir, "backup_dir": str(old.backup_folder)})
    code, restored = await run_command(settings, "restore", "--day", DAY)
    assert code == 0, restored
    house.product, house.databases = Product(settings), Databases.open(settings.database_url_of)
    return await start_and_repair(house.product)


async def is_as_copied(scene: Scene) -> None:
    """One goes on from the copy, the other was closed as of its deadline."""
    await until(lambda: stands(scene.open_to, scene.closing, phase="submitted"), "the end", REPAIRED)
    closed, opened = await shown(scene.open_to, scene.closing), await shown(scene.open_to, scene.opened)
    assert closed["submitted_at"] == scene.deadline_of_closing
    assert (opened["phase"], opened["deadline_at"]) == ("in_progress", scene.started["deadline_at"])
