"""Attempts whose workflow is stuck, so that their deadline passes: the sweep closes them as of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from temporalio.client import Client

from schema.db.tables.reservations import AttemptSnapshot
from schema.ids import attempt_workflow_id
from schema.lifecycle import AttemptInput
from schema.orphan import Trouble
from schema.queue import WorkflowType
from schema.role import Role
from schema.settings import Settings
from tests.api.house import House, MovableClock
from tests.api.test_attempt_flow import done, reserved
from tests.api.test_orphan import show, terminate, tools, until
from workers.equipment import Equipment
from workers.orphan import sweep_of

pytestmark = pytest.mark.temporal

__all__ = ["tools"]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Nobody marks here that the platform serves."""
    return settings.model_copy(update={"service_mark_every": timedelta(0)})


async def test_a_workflow_that_is_stuck_closes_as_of_its_deadline(
    live: House, temporal: Client, tools: Equipment
) -> None:
    student, clock = await live.person(Role.STUDENT), MovableClock(datetime.now(UTC))
    attempt_id = await reserved(
        live, student, admission="automatic", check_in_steps=["consent"], duration="PT2S"
    )
    for command in ("confirm", "check-in"):
        await done(live, student, attempt_id, command)
    await done(live, student, attempt_id, "check-in/steps", step="consent")
    started = await done(live, student, attempt_id, "start")
    workflow_id = attempt_workflow_id(UUID(attempt_id))
    await _get_stuck(live, temporal, workflow_id)
    sweep = sweep_of(tools, clock)

    troubles = []
    for _ in range(2):  # shown, and a while later repaired
        clock.move(timedelta(minutes=5))
        troubles += [one.trouble for one in await sweep.look(all_at_once=True)]
    await sweep.step()

    async def is_closed() -> bool:
        return bool((await show(live, student, attempt_id))["phase"] == "submitted")

    await until(is_closed)
    assert troubles == [Trouble.OVERDUE] * 2
    assert (await show(live, student, attempt_id))["submitted_at"] == started["deadline_at"]


async def _get_stuck(live: House, temporal: Client, workflow_id: str) -> None:
    """It runs on where no worker asks for its tasks."""
    async with live.context.databases.reservations.read() as session:
        snapshot = (await session.scalars(select(AttemptSnapshot))).one().content
    await terminate(temporal, workflow_id)
    await terminate(temporal, workflow_id.replace("attempt:", "monitoring:"))
    attempt = AttemptInput.model_validate(snapshot)
    await temporal.start_workflow(WorkflowType.ATTEMPT, attempt, id=workflow_id, task_queue="nobody")
