"""What is learnt from the lake after a restore: mails that were sent, numbers that were given."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from typer.testing import CliRunner

from activities.adapters.files import FileStore
from activities.adapters.lake import LakeSink
from activities.adapters.memory.object_store import MemoryObjectStore
from activities.adapters.sent_mail import FileMailLog, StoreMailLog, mails_sent
from activities.adapters.sql.mail_book import SqlMailBook
from activities.ports import Pause
from schema.db.migrate import configuration, connected, migrate, upgrade
from schema.db.outbox import RESERVATIONS, envelope_of, publish
from schema.db.schemas import METADATA
from schema.db.session import Databases
from schema.ids import mail_id_for, new_id
from schema.settings import Settings
from tests.db.test_event_number import SUBJECT, fact
from workers.__main__ import app
from workers.restore.settlement import NUMBERS_SKIPPED, Settlement

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def databases(tmp_path: Path) -> AsyncIterator[Databases]:
    settings = Settings(var_dir=tmp_path)
    migrate(settings.database_url_of)
    databases = Databases.open(settings.database_url_of)
    yield databases
    await databases.close()


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "lake"


async def number_given(databases: Databases, name: str) -> int:
    async def work(session):  # type: ignore[no-untyped-def]
        return await publish(session, RESERVATIONS, SUBJECT, [fact(name)], NOW)

    (event,) = await databases.reservations.run(work)
    return int(event.sequence)


async def test_both_logs_of_sent_mails_are_read_alike(lake: Path) -> None:
    first, second = new_id(), new_id()
    files, store = FileStore(lake), MemoryObjectStore()
    gathered = StoreMailLog(store)
    for log in (FileMailLog(lake), gathered):
        await log.note(first, NOW - DAY)
        await log.note(second, NOW)
        await log.flush()
        await log.flush()

    assert len(await store.list("raw/mails")) == 1
    with (lake / f"raw/mails/{NOW:%Y/%m/%d}/sent.jsonl").open("ab") as file:
        file.write(b'{"mail_id": "cut of')
    for written in (files, store):
        assert await mails_sent(written, (NOW - DAY).date(), NOW.date()) == {first: NOW - DAY, second: NOW}


async def test_a_restored_copy_beside_the_lake_that_was_in_use(databases: Databases, lake: Path) -> None:
    """As in place: what the lake knows is known, and nothing is left out."""
    mails, person_id = SqlMailBook(databases.notifications), new_id()
    before = await number_given(databases, "before")
    sent = await mails.enlist(person_id, "sent", "t", {})
    waits = await mails.enlist(person_id, "waits", "t", {})
    lost = [envelope_of(RESERVATIONS.source, SUBJECT, fact(f"lost {number}"), number) for number in (2, 3)]
    newer = [event.model_copy(update={"occurred_at": NOW + timedelta(minutes=1)}) for event in lost]
    await LakeSink(lake).publish(newer)
    for mail_id in (sent.mail_id, mail_id_for(person_id, "forgotten")):
        await FileMailLog(lake).note(mail_id, NOW)
    settlement = Settlement(databases, FileStore(lake))

    pause = await settlement.begin(NOW, is_lake_a_copy=False)
    raised, known = await settlement.settle_numbers(), await settlement.settle_mails()

    assert pause == Pause(NOW, is_log_whole=True)
    assert (raised, known) == (1, 2)
    assert (before, await number_given(databases, "after")) == (1, 4)
    assert (await mails.enlist(person_id, "sent", "t", {})).is_sent
    assert (await mails.enlist(person_id, "forgotten", "t", {})).is_sent
    assert not (await mails.enlist(person_id, "waits", "t", {})).is_sent
    assert not await mails.may_send(waits.mail_id)


@pytest.mark.parametrize("is_lake_a_copy", [True, False])
async def test_a_restored_copy_without_what_was_written_since(
    databases: Databases, lake: Path, is_lake_a_copy: bool
) -> None:
    """As in a new directory: numbers are left out, and the age of the copy is that of its newest event."""
    await number_given(databases, "before")

    pause = await Settlement(databases, FileStore(lake)).begin(None, is_lake_a_copy=is_lake_a_copy)

    assert pause == Pause(NOW, is_log_whole=False)
    assert await number_given(databases, "after") == NUMBERS_SKIPPED + 2


def test_a_copy_of_an_earlier_version_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put back as files, it lacks the table in which mails are paused."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    url_of = Settings(var_dir=tmp_path).database_url_of
    for schema in METADATA.keys() - {"notifications"}:
        upgrade(schema, url_of(schema))
    with connected(url_of("notifications")) as connection:
        command.upgrade(configuration("notifications", connection), "0002")

    done = CliRunner().invoke(app, ["restored", "--at", "2026-11-27"])

    assert (done.exit_code, done.exception) == (0, None), done.output
    assert "The databases are as they were on 2026-11-27 00:00:00 UTC." in done.output
    assert "Next: start the product" in done.output
    held = CliRunner().invoke(app, ["held-mails"]).output
    assert held.startswith("0 mails are held.")
    assert (
        "No mail is sent since the restore of 2026-11-27 00:00:00 UTC: run `python -m workers repair`" in held
    )


def test_no_copy_without_databases_that_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql+aiomysql://nobody:nothing@127.0.0.1:1/{schema}")
    monkeypatch.setenv("VAR_DIR", str(tmp_path))

    done = CliRunner().invoke(app, ["restored"])

    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == 1
