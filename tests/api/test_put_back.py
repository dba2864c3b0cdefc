"""An operator's Reset before the exam, at the door and in a pause: what was acknowledged stays, and is done once."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select
from temporalio.api.enums.v1 import ResetReapplyType
from temporalio.client import Client

from activities.orphan.sweep import Sweep
from schema.db.tables.reservations import AttemptMove, AttemptSnapshot
from schema.role import Role
from tests.api.house import House, Someone
from tests.api.test_attempt_flow import ATTEMPTS, reserved
from tests.api.test_orphan import put_back, show, sweep, tools

pytestmark = pytest.mark.temporal

__all__ = ["sweep", "tools"]

STORY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("student", "confirm", {}),
    ("student", "check-in", {}),
    ("student", "check-in/steps", {"step": "consent"}),
    ("proctor", "admit", {}),
    ("student", "start", {}),
    ("proctor", "extend", {"by": "PT10M"}),
    ("proctor", "pause", {"reason": "alarm"}),
    ("student", "come-back", {}),
    ("proctor", "resume", {}),
    ("student", "submit", {}),
)


AS_THE_UI_DOES = ResetReapplyType.RESET_REAPPLY_TYPE_ALL_ELIGIBLE  # updates and signals are done again
RESET_AFTER = frozenset({"confirm", "admit", "pause"})


async def carried_on(
    live: House, sweep: Sweep, person: Someone, attempt_id: str, command: str, body: dict[str, Any]
) -> httpx.Response:
    """Sent again under one key as long as the attempt is being brought back, which the sweep does meanwhile."""
    path, headers = f"{ATTEMPTS}/{attempt_id}/{command}", person.keyed(f"{command}-{attempt_id}")
    async with asyncio.timeout(300):
        while (answer := await live.client.post(path, json=body, headers=headers)).status_code == 503:
            for orphan in await sweep.look(all_at_once=True):
                await sweep.mend(orphan)
    return answer


@pytest.mark.timeout(600)
async def test_a_reset_before_within_and_beside_the_exam_undoes_nothing(
    live: House, temporal: Client, sweep: Sweep
) -> None:
    people = {"student": await live.person(Role.STUDENT), "proctor": await live.person(Role.PROCTOR)}
    attempt_id = await reserved(live, people["student"], check_in_steps=["consent"])
    deadlines: list[str] = []
    for who, command, body in STORY:
        answer = await carried_on(live, sweep, people[who], attempt_id, command, body)
        view = answer.json()
        assert answer.status_code == 200, (command, view)
        deadlines += [view["deadline_at"]] if command in {"extend", "resume"} else []
        if command in RESET_AFTER:
            await put_back(temporal, attempt_id, AS_THE_UI_DOES)
        shown = await show(live, people["student"], attempt_id)
        assert (shown["phase"], shown["version"] >= view["version"]) == (view["phase"], True), command

    async with live.context.databases.reservations.read() as session:
        moves = await session.scalars(select(AttemptMove).order_by(AttemptMove.version))
        verbs = [move.verb for move in moves if move.machine == "attempt"]
        snapshot = await session.get_one(AttemptSnapshot, UUID(attempt_id))
    assert deadlines[0] <= deadlines[1]
    assert len(verbs) == len(set(verbs)), verbs
    assert snapshot.generation > 0
