"""`possible` is what the API takes: for each phase and role, every command is asked and the two are compared."""

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from api.reservations.command import DOORS
from api.reservations.possible import told_by_workflow, word_of
from api.standing import current_view
from schema.role import Role
from tests.api.house import House, Someone
from tests.api.test_attempt_flow import ATTEMPTS, NOW, ask, check_in, done, reserve

pytestmark = pytest.mark.temporal

PHASES = (
    "held", "reserved", "checking_in", "awaiting_admission", "admitted", "in_progress", "paused",
    "terminated", "submitted",
)  # fmt: skip
ROLES = (Role.STUDENT, Role.PROCTOR, Role.REVIEWER, Role.AUTHOR, Role.ADMIN)
BODIES: dict[str, dict[str, Any]] = {
    "check-in/steps": {"step": "browser"},
    "send-back": {"step": "browser", "reason": "too dark"},
    "extend": {"by": "PT1M"},
    "accept-late": {"within": "PT1M", "reason": "the network"},
    "reopen": {"time": "PT10M", "reason": "a slip"},
    "appeal": {"text": "Question 3 accepts two answers."},
    **{
        path: {"reason": "because"}
        for path in ("refuse", "pause", "terminate", "reactivate", "void", "lift-cap")
    },
}


class Scene:
    """An attempt in a phase, with somebody in each role."""

    def __init__(self, house: House, people: dict[Role, Someone], attempt_id: str, slot_id: str) -> None:
        self.house, self.people, self.attempt_id, self.slot_id = house, people, attempt_id, slot_id

    async def possible(self, role: Role) -> set[str]:
        answer = await self.house.client.get(
            f"{ATTEMPTS}/{self.attempt_id}", headers=self.people[role].headers
        )
        return set(answer.json()["possible"]) if answer.status_code == 200 else set()

    async def is_taken(self, role: Role, path: str) -> bool:
        body = {"slot_id": self.slot_id} if path == "move" else BODIES.get(path)
        answer = await ask(self.house, self.people[role], self.attempt_id, path, body)
        assert answer.status_code < 500, answer.text
        return answer.status_code == 200


async def arrange(house: House, phase: str) -> Scene:
    people = {role: await house.person(role) for role in ROLES}
    student, proctor = people[Role.STUDENT], people[Role.PROCTOR]
    exam = await house.exam(people[Role.AUTHOR].person_id)
    answer = await reserve(house, student, exam, await house.slot(exam, NOW))
    attempt_id = str(answer.json()["attempt_id"])
    scene = Scene(house, people, attempt_id, str(await house.slot(exam, timedelta(days=5))))
    place = PHASES.index(phase)
    if place >= 1 and place <= 2:
        await done(house, student, attempt_id, "confirm")
    if place == 2:
        await done(house, student, attempt_id, "check-in")
    if place >= 3:
        await check_in(house, student, attempt_id)
    for at, who, path, body in (
        (4, proctor, "admit", {}),
        (5, student, "start", {}),
        (6, proctor, "pause", {"reason": "fire"}) if phase == "paused" else (99, proctor, "", {}),
        (7, proctor, "terminate", {"reason": "left"}) if phase == "terminated" else (99, proctor, "", {}),
        (8, student, "submit", {}),
    ):
        if place >= at:
            await done(house, who, attempt_id, path, **body)
    return scene


@pytest.mark.parametrize("phase", PHASES)
async def test_what_is_possible_is_what_is_taken(live: House, phase: str) -> None:
    scene = await arrange(live, phase)
    said = {role: await scene.possible(role) for role in ROLES}

    wrong = []
    for role, door in product(ROLES, DOORS):
        if word_of(door) in said[role]:
            continue
        if await scene.is_taken(role, door.path):
            wrong.append(f"{role} may {door.path}, and nothing said so")
    for role, word in [(role, word) for role, words in said.items() for word in words]:
        fresh = await arrange(live, phase)
        (path,) = [door.path for door in DOORS if word_of(door) == word]
        if not await fresh.is_taken(role, path):
            wrong.append(f"{role} was told of {word}, and it is refused")

    assert wrong == []


@pytest.mark.parametrize(("can_reopen", "is_offered"), [(True, True), (None, True), (False, False)])
async def test_a_workflow_that_refuses_to_reopen_is_believed(
    live: House, can_reopen: bool | None, is_offered: bool
) -> None:
    scene = await arrange(live, "submitted")
    view = await current_view(live.context, UUID(scene.attempt_id))
    said = ["void", "reopen"]

    assert view.can_reopen is True
    assert "reopen" in await scene.possible(Role.ADMIN)
    words = told_by_workflow(said, view.model_copy(update={"can_reopen": can_reopen}))
    assert words == (said if is_offered else ["void"])
