"""A thousand students at once for fifty seats: fifty get one, everybody else is told clearly."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from api.demo.story import until
from schema.db.tables.reservations import AttemptRow, SlotRow
from schema.ids import attempt_workflow_id, new_id
from schema.queue import SearchName, WorkflowType
from tests.product.house import House, Say

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(240), pytest.mark.slow]

SEATS = 50
STUDENTS = 1000
PATIENCE = 180.0
CONNECTIONS = httpx.Limits(max_connections=STUDENTS, max_keepalive_connections=STUDENTS)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a student was told in the end, and how often they were asked to come again."""

    status: int
    body: dict[str, Any]
    waits: int


async def test_fifty_seats_for_a_thousand_students(house: House, say: Say) -> None:
    exam_id = await house.exam({"hold": "PT30M"})
    slot_id = await house.slot(exam_id, SEATS, starts_in=timedelta(days=2))
    tokens = await house.tokens(STUDENTS)
    began = time.monotonic()
    async with httpx.AsyncClient(
        base_url=house.product.server, limits=CONNECTIONS, timeout=PATIENCE, trust_env=False
    ) as http:
        answers = await asyncio.gather(*(_reserve(http, token, exam_id, slot_id) for token in tokens))
    took = time.monotonic() - began

    statuses = Counter(answer.status for answer in answers)
    assert statuses == {201: SEATS, 409: STUDENTS - SEATS}
    refused = [answer.body for answer in answers if answer.status == 409]
    assert {problem["type"] for problem in refused} == {"/problems/slot_full"}
    assert all(f"{SEATS} seats" in problem["detail"] for problem in refused)
    rows, taken = await _stored(house, UUID(exam_id), UUID(slot_id))
    assert taken == SEATS
    assert {row.phase for row in rows} == {"held"}
    assert {str(row.attempt_id) for row in rows} == {a.body["attempt_id"] for a in answers if a.status == 201}
    started = await _until_workflows_match(house, exam_id, rows)
    waits = sum(answer.waits for answer in answers)
    say(
        f"seats: {statuses[201]} of {STUDENTS} in {took:.1f} s; {waits} were asked to wait and came again; "
        f"{started} workflows were started"
    )


async def _reserve(http: httpx.AsyncClient, token: str, exam_id: str, slot_id: str) -> Answer:
    """Ask until told yes or no; every try carries the same key."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(new_id())}
    waits = 0
    while True:
        wanted = {"exam_id": exam_id, "slot_id": slot_id}
        answer = await http.post("/api/reservations/attempts", json=wanted, headers=headers)
        if answer.status_code != 503:
            return Answer(answer.status_code, answer.json(), waits)
        waits += 1
        await asyncio.sleep(float(answer.headers["Retry-After"]))


async def _stored(house: House, exam_id: UUID, slot_id: UUID) -> tuple[list[AttemptRow], int]:
    async with house.databases.reservations.read() as session:
        rows = await session.scalars(select(AttemptRow).where(AttemptRow.exam_id == exam_id))
        slot = await session.get_one(SlotRow, slot_id)
        return list(rows), slot.seats_taken


async def _until_workflows_match(house: House, exam_id: str, rows: list[AttemptRow]) -> int:
    """No row without its workflow and no workflow without its row; returns how many were ever started."""
    client = await house.product.client()
    of_exam = f"WorkflowType='{WorkflowType.ATTEMPT}' AND {SearchName.EXAM}='{exam_id}'"
    wanted = {attempt_workflow_id(row.attempt_id) for row in rows}

    async def is_alike() -> bool:
        running = {
            found.id async for found in client.list_workflows(f"{of_exam} AND ExecutionStatus='Running'")
        }
        return running == wanted

    await until(is_alike, "exactly one running workflow for each row", within=90)
    return (await client.count_workflows(of_exam)).count
