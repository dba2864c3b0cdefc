"""Attempts of an older release whose workflow was gone before it wrote a snapshot: they go on from their rows."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete
from temporalio.client import Client

from activities.orphan.sweep import Sweep
from schema.db.tables.reservations import AttemptRow, AttemptSnapshot
from schema.ids import attempt_workflow_id
from schema.orphan import Trouble
from schema.role import Role
from schema.settings import Settings
from tests.api.house import House, Someone
from tests.api.test_attempt_flow import done, reserved
from tests.api.test_orphan import found, mended, show, sweep, terminate, tools, until

pytestmark = pytest.mark.temporal

__all__ = ["sweep", "tools"]

CHECK_IN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("confirm", {}),
    ("check-in", {}),
    ("check-in/steps", {"step": "consent"}),
    ("start", {}),
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Nobody marks here that the platform serves."""
    return settings.model_copy(update={"service_mark_every": timedelta(0)})


async def sitting(live: House, student: Someone, **policy: Any) -> str:
    attempt_id = await reserved(live, student, admission="automatic", check_in_steps=["consent"], **policy)
    for command, body in CHECK_IN:
        await done(live, student, attempt_id, command, **body)
    return attempt_id


async def forget(live: House, temporal: Client, attempt_id: str, *, has_clock: bool) -> None:
    """As an older release left it: no snapshot, no clock, no workflow."""
    workflow_id = attempt_workflow_id(UUID(attempt_id))
    await terminate(temporal, workflow_id)
    async with live.context.databases.reservations.write() as session:
        await session.execute(delete(AttemptSnapshot))
        row = await session.get_one(AttemptRow, UUID(attempt_id))
        row.clock = row.clock if has_clock else None


@pytest.mark.parametrize("has_clock", [True, False])
async def test_it_goes_on_with_its_deadline(
    live: House, temporal: Client, sweep: Sweep, has_clock: bool
) -> None:
    student, proctor = await live.person(Role.STUDENT), await live.person(Role.PROCTOR)
    attempt_id = await sitting(live, student)
    extended = await done(live, proctor, attempt_id, "extend", by="PT10M")
    await forget(live, temporal, attempt_id, has_clock=has_clock)

    outcome = await mended(sweep, Trouble.GONE, attempt_workflow_id(UUID(attempt_id)))
    again = await done(live, proctor, attempt_id, "extend", by="PT1M")
    submitted = await done(live, student, attempt_id, "submit")

    assert "generation 1" in outcome
    minutes = datetime.fromisoformat(again["deadline_at"]) - datetime.fromisoformat(extended["deadline_at"])
    assert minutes == timedelta(minutes=1)
    assert again["clock_version"] > extended["clock_version"]
    assert (submitted["phase"], submitted["version"] > again["version"]) == ("submitted", True)
    assert await found(sweep) == []


async def test_a_paused_one_stands_until_it_is_resumed(live: House, temporal: Client, sweep: Sweep) -> None:
    student, proctor = await live.person(Role.STUDENT), await live.person(Role.PROCTOR)
    attempt_id = await sitting(live, student)
    paused = await done(live, proctor, attempt_id, "pause", reason="alarm")
    await forget(live, temporal, attempt_id, has_clock=True)

    await mended(sweep, Trouble.GONE, attempt_workflow_id(UUID(attempt_id)))
    await done(live, student, attempt_id, "come-back")
    resumed = await done(live, proctor, attempt_id, "resume")

    assert (resumed["phase"], resumed["version"] > paused["version"]) == ("in_progress", True)


async def test_it_closes_as_of_a_deadline_that_passed(live: House, temporal: Client, sweep: Sweep) -> None:
    student = await live.person(Role.STUDENT)
    attempt_id = await sitting(live, student, duration="PT5S")
    deadline_at = (await show(live, student, attempt_id))["deadline_at"]
    await forget(live, temporal, attempt_id, has_clock=False)

    await mended(sweep, Trouble.GONE, attempt_workflow_id(UUID(attempt_id)))

    async def is_closed() -> bool:
        return bool((await show(live, student, attempt_id))["phase"] == "submitted")

    await until(is_closed)
    assert (await show(live, student, attempt_id))["submitted_at"] == deadline_at


async def test_one_that_runs_is_asked_for_its_snapshot(live: House, sweep: Sweep) -> None:
    student = await live.person(Role.STUDENT)
    attempt_id = await reserved(live, student)
    async with live.context.databases.reservations.write() as session:
        await session.execute(delete(AttemptSnapshot))

    assert await found(sweep) == []

    async def has_snapshot() -> bool:
        async with live.context.databases.reservations.read() as session:
            return await session.get(AttemptSnapshot, UUID(attempt_id)) is not None

    await until(has_snapshot)
