"""A damaged line of the lake costs the event that it was; the timeline is filled again from the rest, by a command."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from typer.testing import CliRunner

from activities.adapters.files import FileStore
from activities.adapters.lake import LakeSink, event_file_name
from activities.adapters.memory.event_sink import MemoryEventSink
from activities.rebuild import Rebuilder
from schema.db.migrate import upgrade
from schema.db.session import Databases
from schema.db.tables.analytics import TimelineEvent
from schema.events import Envelope
from schema.settings import Settings
from tests.db.test_relay import events
from workers.__main__ import app

TOLD = events(6)
NAME = event_file_name(TOLD[0])


def written(lake: Path) -> Path:
    asyncio.run(LakeSink(lake).publish(TOLD))
    return lake / NAME


def rebuilt(lake: Path) -> tuple[list[Envelope], int]:
    sink = MemoryEventSink()
    done = asyncio.run(Rebuilder(FileStore(lake), sink).rebuild(TOLD[0].occurred_at.date()))
    return list(sink.events), done.bad


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_byte_costs_the_line_it_is_in_and_no_later_event(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = written(Path(folder))
        whole = path.read_bytes()
        at = data.draw(st.integers(0, len(whole) - 1))
        damaged = bytearray(whole)
        damaged[at] ^= data.draw(st.integers(1, 255))
        path.write_bytes(damaged)
        hit = whole[:at].count(b"\n")
        lost = {hit, hit + 1} if whole[at : at + 1] == b"\n" else {hit}
        kept = {event.event_id for number, event in enumerate(TOLD) if number not in lost}
        later = events(1)

        asyncio.run(LakeSink(Path(folder)).publish(later))
        found, _ = rebuilt(Path(folder))

        assert kept | {later[0].event_id} <= {event.event_id for event in found}


def test_the_command_says_what_it_read_and_what_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    upgrade("analytics", Settings(var_dir=tmp_path).database_url_of("analytics"))
    path = written(tmp_path / "lake")
    whole = path.read_bytes()
    path.write_bytes(b"#" + whole[1:])
    day = str(TOLD[0].occurred_at.date())

    runs = [CliRunner().invoke(app, ["rebuild-timeline", "--day", day]) for _ in range(2)]

    for done in runs:
        assert done.exit_code == 0, done.output
        assert f"{day}: 5 events are in the timeline, 1 lines are no events" in done.output
    assert asyncio.run(in_timeline(tmp_path)) == {event.event_id for event in TOLD[1:]}


async def in_timeline(folder: Path) -> set[UUID]:
    databases = Databases.open(Settings(var_dir=folder).database_url_of)
    async with databases.analytics.read() as session:
        found = set(await session.scalars(select(TimelineEvent.event_id)))
    await databases.close()
    return found
