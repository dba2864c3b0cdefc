"""The admins' view of the system: what answers, what waits, who works; unknown is not zero."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from temporalio.client import Client

from activities.adapters.sql.orphan_book import SqlOrphanBook
from activities.orphan.port import Orphan
from api.app import create_app
from schema.db.session import Databases
from schema.db.tables.reservations import ReservationsOutbox
from schema.ids import new_id
from schema.orphan import Trouble
from schema.period import Job
from schema.queue import Queue, WorkflowType
from schema.role import Role
from schema.settings import Part, Settings
from schema.version import VERSION_FILE
from tests.api.analytics.jobs import Results
from tests.api.conftest import serving
from tests.api.house import House, MovableClock

URL = "/api/analytics/system"


@pytest.fixture
async def connected(
    temporal: Client, settings: Settings, databases: Databases, clock: MovableClock
) -> AsyncIterator[House]:
    """Analytics and people, with a Temporal server."""
    parts = frozenset({Part.ANALYTICS, Part.USERS})
    app = create_app(settings, parts, databases=databases, temporal=temporal, clock=clock)
    async with serving(app) as client:
        yield House(client, app.state.context, clock)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"models_dir": settings.var_dir / "models"})


async def test_without_temporal_queues_are_unknown(house: House, results: Results) -> None:
    admin = await house.person(Role.ADMIN)
    row = ReservationsOutbox(
        event_id=new_id(), topic="attempt_changed", attempt_id=new_id(), sequence=1, envelope="{}",
        created_at=house.clock() - timedelta(minutes=5), published_at=None,
    )  # fmt: skip
    async with house.context.databases.reservations.write() as session:
        session.add(row)
    await results.ran(Job.ANOMALIES, date(2027, 1, 9))

    found = (await house.client.get(URL, headers=admin.headers)).json()

    assert found["parts"] == ["analytics"]
    assert set(found["databases"].values()) == {True}
    assert found["queues"] is None
    assert found["detection"] == {
        "is_on": None, "model_version": None, "sees_objects": None, "troubles": [],
    }  # fmt: skip
    assert found["relays"][0] == {
        "relay": "projection", "source": "reservations", "waiting": 1, "oldest_at": "2027-01-11T08:55:00Z",
    }  # fmt: skip
    assert [job["period_start"] for job in found["jobs"]] == ["2027-01-09", None, None]


async def test_what_the_sweep_found_is_shown(house: House) -> None:
    admin, now, attempt_id = await house.person(Role.ADMIN), house.clock(), new_id()
    found = [
        Orphan(f"retention:{attempt_id}", WorkflowType.RETENTION, Trouble.GONE, attempt_id, now),
        Orphan("cohort:1:2", WorkflowType.COHORT, Trouble.GONE, None, now + timedelta(seconds=1)),
    ]
    await SqlOrphanBook(house.context.databases.reservations).report(found, now)

    shown = (await house.client.get(URL, headers=admin.headers)).json()["orphans"]

    assert [(one["workflow_id"], one["kind"], one["trouble"], one["attempt_id"]) for one in shown] == [
        (f"retention:{attempt_id}", "RetentionWorkflow", "gone", str(attempt_id)),
        ("cohort:1:2", "CohortWorkflow", "gone", None),
    ]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_trouble_and_workflow_has_words(language: str) -> None:
    texts = Path(f"api/static/text/{language}")
    troubles = json.loads((texts / "system.json").read_text())["trouble"]
    kinds = json.loads((texts / "temporal.json").read_text())["kind"]

    assert troubles.keys() == set(Trouble)
    assert kinds.keys() == set(WorkflowType)


async def test_a_schema_that_does_not_answer_is_named(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    async with house.context.databases.analytics.write() as session:
        await session.execute(text("DROP TABLE job_run"))

    found = (await house.client.get(URL, headers=admin.headers)).json()

    assert found["jobs"] is None
    assert found["relays"] is not None


@pytest.mark.parametrize(
    ("version", "sees"), [("faces 1 (openvino) + yolo11n 2 (openvino)", True), ("faces 1", False)]
)
async def test_detection_says_what_it_sees(house: House, version: str, sees: bool) -> None:
    admin = await house.person(Role.ADMIN)
    models = house.context.settings.models_dir
    models.mkdir()
    (models / VERSION_FILE).write_text(f"{version}\n")

    found = (await house.client.get(URL, headers=admin.headers)).json()

    assert found["detection"] == {
        "is_on": None, "model_version": version, "sees_objects": sees, "troubles": [],
    }  # fmt: skip


@pytest.mark.temporal
async def test_queues_show_workers_and_what_waits(connected: House, temporal: Client, working: None) -> None:
    admin = await connected.person(Role.ADMIN)
    await temporal.start_workflow("Nobody", id="waits", task_queue=Queue.ML)

    async def seen() -> dict[str, Any]:
        found: dict[str, Any] = (await connected.client.get(URL, headers=admin.headers)).json()
        return found

    def is_whole(found: dict[str, Any]) -> bool:
        """Workers report one by one, and a server that is busy may not answer in time."""
        known = {one["queue"]: one for one in found["queues"] or ()}
        return bool(known) and bool(
            known[Queue.ML]["backlog"] and known[Queue.IO]["workers"] and known[Queue.LIFECYCLE]["workers"]
        )

    async with asyncio.timeout(60):
        while not is_whole(found := await seen()):
            await asyncio.sleep(0.2)

    queues = {one["queue"]: one for one in found["queues"]}
    assert found["parts"] == ["users", "analytics"]
    assert found["detection"]["is_on"] is False
    assert queues[Queue.ML]["backlog"] == 1
    assert queues[Queue.ML]["workers"] == []
    assert queues[Queue.LIFECYCLE]["backlog"] == 0
    assert queues[Queue.BATCH]["workers"] == []


async def test_it_is_for_admins(house: House) -> None:
    found = {role: (await house.person(role)) for role in Role}

    statuses = {
        role: (await house.client.get(URL, headers=one.headers)).status_code for role, one in found.items()
    }

    assert statuses == {role: 200 if role is Role.ADMIN else 403 for role in Role}
