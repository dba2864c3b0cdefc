"""`python -m workers compact`: days that are over, one after the other; what is away is said and nothing is lost."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from activities.adapters.files import FileStore
from activities.adapters.lake_object import LakeObjectSink
from tests.contracts.test_event_sink import some_events
from workers.__main__ import app

AT = datetime.now(UTC) - timedelta(days=1)
YESTERDAY = AT.date()


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "lake"


def compact(*words: object) -> Result:
    return CliRunner().invoke(app, ["compact", *(str(word) for word in words)])


def test_days_are_joined_one_after_the_other(lake: Path) -> None:
    for _ in range(3):
        told = [event.model_copy(update={"occurred_at": AT}) for event in some_events()]
        asyncio.run(LakeObjectSink(FileStore(lake)).publish(told))

    done = compact("--day", YESTERDAY - timedelta(days=1), "--until", YESTERDAY)

    assert done.exit_code == 0, done.output
    assert f"{YESTERDAY - timedelta(days=1)}: nothing to join" in done.output
    assert f"{YESTERDAY} monitoring_started: 3 objects are one, 12 lines, 0 no events" in done.output
    (joined,) = lake.rglob("*.jsonl")
    assert joined.name.startswith("events-joined-")


@pytest.mark.parametrize(
    ("first", "last"), [(0, 0), (-1, 0), (-1, -2)], ids=["today", "until today", "backwards"]
)
def test_days_that_are_not_over_are_refused(lake: Path, first: int, last: int) -> None:
    today = datetime.now(UTC).date()

    done = compact("--day", today + timedelta(days=first), "--until", today + timedelta(days=last))

    assert done.exit_code == 2
    assert "not days that are over" in done.output
    assert not lake.exists()


def test_a_store_that_is_away_is_said(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USE_LOCAL_STORAGE", "false")
    monkeypatch.setenv("HDFS_URL", "http://127.0.0.1:9")

    done = compact("--day", YESTERDAY)

    assert done.exit_code == 1
    assert "HDFS at http://127.0.0.1:9 does not answer" in done.output
    assert "run it again" in done.output
