"""Attempts whose workflow is gone: nobody is told that it is over, and the sweep brings it back with everything."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, select
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, ResetReapplyType
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest, ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus

from activities.adapters.feed import HttpRecordFeed
from activities.adapters.files import FileStore
from activities.orphan.port import Orphan
from activities.orphan.sweep import Sweep
from schema.db.session import Databases
from schema.db.tables.notifications import MailRow
from schema.db.tables.reservations import (
    AttemptMove,
    AttemptRow,
    AttemptSnapshot,
    OrphanRow,
    ReservationsReceipt,
)
from schema.ids import attempt_workflow_id, new_id, retention_workflow_id
from schema.orphan import Trouble
from schema.role import Role
from schema.settings import Settings
from tests.api.house import House, Someone
from tests.api.test_attempt_flow import ATTEMPTS, ask, done, reserve, reserved
from workers.equipment import Equipment
from workers.orphan import sweep_of

pytestmark = pytest.mark.temporal


@pytest.fixture
async def tools(temporal: Client, databases: Databases, settings: Settings) -> AsyncIterator[Equipment]:
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9", trust_env=False) as internal:
        store = FileStore(settings.lake_dir)
        yield Equipment(settings, temporal, databases, store, HttpRecordFeed(internal), internal)


@pytest.fixture
def sweep(tools: Equipment) -> Sweep:
    return sweep_of(tools)


async def terminate(temporal: Client, workflow_id: str) -> None:
    """As an operator does in the Temporal UI."""
    await temporal.get_workflow_handle(workflow_id).terminate("a mistake in the Temporal UI")


async def mended(sweep: Sweep, trouble: Trouble, workflow_id: str) -> str:
    """Look as the sweep does, and repair what it finds of this workflow, as the command does."""
    (orphan,) = [one for one in await sweep.look(all_at_once=True) if one.workflow_id == workflow_id]
    assert orphan.trouble is trouble
    return await sweep.mend(orphan)


async def show(house: House, person: Someone, attempt_id: str) -> dict[str, Any]:
    answer = await house.client.get(f"{ATTEMPTS}/{attempt_id}", headers=person.headers)
    view: dict[str, Any] = answer.json()
    return view


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Ask again until it is so."""
    async with asyncio.timeout(60):
        while not await is_so():
            await asyncio.sleep(0.05)


async def found(sweep: Sweep) -> list[Orphan]:
    return list(await sweep.look(all_at_once=True))


async def test_a_terminated_attempt_is_not_called_over_and_goes_on(
    live: House, temporal: Client, sweep: Sweep
) -> None:
    student = await live.person(Role.STUDENT)
    attempt_id = await reserved(live, student)
    workflow_id = attempt_workflow_id(UUID(attempt_id))
    await done(live, student, attempt_id, "confirm")
    assert await found(sweep) == []
    await terminate(temporal, workflow_id)

    refused = await ask(live, student, attempt_id, "check-in")
    outcome = await mended(sweep, Trouble.GONE, workflow_id)
    view = await done(live, student, attempt_id, "check-in")

    assert refused.status_code == 503
    assert "over" not in refused.json()["detail"]
    assert "brought back" in refused.json()["detail"] or "bringing it back" in refused.json()["detail"]
    assert "generation 1" in outcome
    assert view["phase"] == "checking_in"
    assert await found(sweep) == []
    async with live.context.databases.reservations.read() as session:
        row = (await session.scalars(select(OrphanRow))).one()
    assert (row.trouble, row.outcome, row.closed_at is not None) == ("gone", outcome, True)


async def test_moves_events_and_mails_come_once(live: House, temporal: Client, sweep: Sweep) -> None:
    student = await live.person(Role.STUDENT)
    attempt_id = await reserved(live, student)
    await done(live, student, attempt_id, "confirm")
    await until(lambda: _mails(live, attempt_id, 1))
    await terminate(temporal, attempt_workflow_id(UUID(attempt_id)))

    await mended(sweep, Trouble.GONE, attempt_workflow_id(UUID(attempt_id)))
    await done(live, student, attempt_id, "check-in")

    async with live.context.databases.reservations.read() as session:
        moves = await session.scalars(
            select(AttemptMove)
            .where(AttemptMove.attempt_id == UUID(attempt_id))
            .order_by(AttemptMove.version)
        )
        assert [move.verb for move in moves] == ["reserve", "confirm", "begin_check_in"]
    assert await _mails(live, attempt_id, 1)


async def _mails(live: House, attempt_id: str, count: int) -> bool:
    query = select(MailRow).where(MailRow.attempt_id == UUID(attempt_id))
    async with live.context.databases.notifications.read() as session:
        return len(list(await session.scalars(query))) == count


async def test_a_cancelled_attempt_whose_history_is_gone_is_never_started_again(
    live: House, temporal: Client, sweep: Sweep
) -> None:
    student = await live.person(Role.STUDENT)
    exam = await live.exam()
    slot = await live.slot(exam)
    first = await reserve(live, student, exam, slot, "a-key-of-last-month")
    attempt_id = first.json()["attempt_id"]
    key = student.keyed("cancel-of-last-month")
    cancelled = await live.client.post(f"{ATTEMPTS}/{attempt_id}/cancel", json={}, headers=key)
    workflow_id = attempt_workflow_id(UUID(attempt_id))
    await temporal.get_workflow_handle(workflow_id).result()
    await forget(live, temporal, workflow_id)

    again = await reserve(live, student, exam, slot, "a-key-of-last-month")
    cancelled_again = await live.client.post(f"{ATTEMPTS}/{attempt_id}/cancel", json={}, headers=key)
    confirm = await ask(live, student, attempt_id, "confirm")

    assert again.status_code == 201
    assert (again.json()["attempt_id"], again.json()["phase"]) == (attempt_id, "cancelled")
    assert (cancelled.status_code, cancelled_again.status_code) == (200, 200)
    assert cancelled_again.json() == cancelled.json()
    assert confirm.status_code == 409
    assert "over" in confirm.json()["detail"]
    assert [run async for run in temporal.list_workflows(f"WorkflowId = '{workflow_id}'")] == []
    assert await found(sweep) == []


async def forget(live: House, temporal: Client, workflow_id: str) -> None:
    """As after thirty days: neither Temporal nor the receipts remember."""
    request = DeleteWorkflowExecutionRequest(
        namespace=temporal.namespace, workflow_execution=WorkflowExecution(workflow_id=workflow_id)
    )
    await temporal.workflow_service.delete_workflow_execution(request)

    async def is_gone() -> bool:
        return [run async for run in temporal.list_workflows(f"WorkflowId = '{workflow_id}'")] == []

    await until(is_gone)
    async with live.context.databases.reservations.write() as session:
        await session.execute(delete(ReservationsReceipt))


async def test_retention_that_was_terminated_is_started_again(
    live: House, temporal: Client, sweep: Sweep
) -> None:
    student = await live.person(Role.STUDENT)
    attempt_id = await reserved(live, student)
    await done(live, student, attempt_id, "cancel")
    await temporal.get_workflow_handle(attempt_workflow_id(UUID(attempt_id))).result()
    workflow_id = retention_workflow_id(UUID(attempt_id))
    assert await found(sweep) == []
    await terminate(temporal, workflow_id)

    outcome = await mended(sweep, Trouble.GONE, workflow_id)

    described = await temporal.get_workflow_handle(workflow_id).describe()
    assert described.status is WorkflowExecutionStatus.RUNNING
    assert outcome.startswith("started again")


async def test_a_database_that_lost_its_last_moments_gets_them_back(
    live: House, temporal: Client, sweep: Sweep
) -> None:
    student = await live.person(Role.STUDENT)
    attempt_id = await reserved(live, student)
    async with live.context.databases.reservations.read() as session:
        before = await session.get_one(AttemptRow, UUID(attempt_id))
    await done(live, student, attempt_id, "confirm")
    await done(live, student, attempt_id, "check-in")
    await _lose(live, before)

    outcome = await mended(sweep, Trouble.NEWER, attempt_workflow_id(UUID(attempt_id)))

    assert "repeated" in outcome
    assert (await show(live, student, attempt_id))["phase"] == "checking_in"
    async with live.context.databases.reservations.read() as session:
        moves = await session.scalars(select(AttemptMove).order_by(AttemptMove.version))
        assert [move.verb for move in moves] == ["reserve", "confirm", "begin_check_in"]


async def _lose(live: House, before: AttemptRow) -> None:
    """The row as it was, and none of the moves since."""
    async with live.context.databases.reservations.write() as session:
        row = await session.get_one(AttemptRow, before.attempt_id)
        row.phase, row.version, row.active_key = before.phase, before.version, before.active_key
        await session.execute(delete(AttemptMove).where(AttemptMove.version > before.version))
        snapshot = await session.get_one(AttemptSnapshot, before.attempt_id)
        resumed = {**snapshot.content["resumed"], "phase": before.phase, "version": before.version}
        snapshot.content = {**snapshot.content, "resumed": resumed}
        snapshot.version = before.version


async def test_a_workflow_that_was_put_back_does_not_undo_what_was_acknowledged(
    live: House, temporal: Client, sweep: Sweep
) -> None:
    student, proctor = await live.person(Role.STUDENT), await live.person(Role.PROCTOR)
    attempt_id = await reserved(live, student, admission="automatic", check_in_steps=["consent"])
    for command in ("confirm", "check-in"):
        await done(live, student, attempt_id, command)
    await done(live, student, attempt_id, "check-in/steps", step="consent")
    started = await done(live, student, attempt_id, "start")
    extended = await done(live, proctor, attempt_id, "extend", by="PT10M")
    await put_back(temporal, attempt_id)

    late = await ask(live, proctor, attempt_id, "pause", {"reason": "alarm"})
    shown = await show(live, student, attempt_id)
    outcome = await mended(sweep, Trouble.OLDER, attempt_workflow_id(UUID(attempt_id)))
    paused = await done(live, proctor, attempt_id, "pause", reason="alarm")
    await done(live, proctor, attempt_id, "resume")
    back = await done(live, student, attempt_id, "come-back")

    assert late.status_code == 503
    assert shown["deadline_at"] == extended["deadline_at"] != started["deadline_at"]
    assert "generation 1" in outcome
    assert paused["phase"] == "paused"
    assert back["deadline_at"] >= extended["deadline_at"]


async def put_back(
    temporal: Client,
    attempt_id: str,
    reapply: ResetReapplyType.ValueType = ResetReapplyType.RESET_REAPPLY_TYPE_NONE,
) -> None:
    """As a store that lost its last seconds, or an operator's Reset: the run goes on from before the last update."""
    workflow_id = attempt_workflow_id(UUID(attempt_id))
    handle = temporal.get_workflow_handle(workflow_id)
    accepted = [
        event.event_id
        async for event in handle.fetch_history_events()
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
    ]
    completed = [
        event.event_id
        async for event in handle.fetch_history_events()
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED and event.event_id < accepted[-1]
    ]
    request = ResetWorkflowExecutionRequest(
        namespace=temporal.namespace,
        workflow_execution=WorkflowExecution(workflow_id=workflow_id),
        reason="put back",
        workflow_task_finish_event_id=completed[-2],
        request_id=str(new_id()),
        reset_reapply_type=reapply,
    )
    await temporal.workflow_service.reset_workflow_execution(request)
