"""A student who claims an earlier time gains nothing, and what people give after the end counts: on a whole product."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from api.demo.cast import Cast
from api.demo.person import Refused
from api.demo.story import command, until
from api.reservations.command import DOORS
from api.reservations.possible import word_of
from tests.api.test_possible import BODIES
from tests.product.arrange import begun
from tests.product.house import House, Say
from tests.product.script import Script

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(300)]

LATER = timedelta(seconds=4)
EARLIER = timedelta(minutes=5)


async def test_no_claimed_time_counts_and_late_answers_count_once_accepted(house: House, say: Say) -> None:
    cast = await house.cast()
    attempt_id, _ = await begun(house, cast, duration="PT30M", shuffle_questions=False)
    script = await Script.open(cast.student, attempt_id)
    assert (await script.save(0)).json()["standing"] == "counted"

    await command(cast.proctor, attempt_id, "pause", {"reason": "fire alarm"})
    refused = await _late(script, 1)
    assert (refused.status_code, refused.json()["retry_when"]) == (409, "resumed")
    await command(cast.student, attempt_id, "come-back")
    await command(cast.proctor, attempt_id, "resume")
    await command(cast.proctor, attempt_id, "terminate", {"reason": "a phone"})
    assert (await _late(script, 1)).json()["standing"] == "late"
    await command(cast.admin, attempt_id, "reactivate", {"reason": "it was a calculator"})
    await command(cast.student, attempt_id, "submit", {})
    late = await _late(script, 2)
    assert late.json()["standing"] == "late"
    await until(lambda: _marked(cast, attempt_id, 1), "the marks", within=90)
    assert (await _earned(cast, attempt_id))[:3] == [2, 0, 0]

    question = script.questions[2]["question_id"]
    path = f"/api/corrections/attempts/{attempt_id}/late-answers/{question}/accept"
    body = {name: late.json()[name] for name in ("epoch", "revision")}
    await cast.admin.post(path, {**body, "reason": "the network of the school was down"})
    await until(lambda: _marked(cast, attempt_id, 2), "the marks with the late answer", within=90)
    assert (await _earned(cast, attempt_id))[:3] == [2, 0, 2]

    await _reopened_and_handed_in(cast, attempt_id)
    await until(lambda: _marked(cast, attempt_id, 3), "the marks after reopening", within=120)
    assert (await _earned(cast, attempt_id))[:3] == [2, 2, 2]
    say("late answers and a reopened attempt: marked in rounds 2 and 3 by themselves")


async def test_many_are_released_each_with_its_acknowledgement(house: House) -> None:
    cast = await house.cast()
    attempt_id, _ = await begun(house, cast, duration="PT30M")
    await command(cast.student, attempt_id, "submit", {})
    await until(lambda: _may(cast, attempt_id, "release"), "that it may be released", within=120)

    asked = {"verb": "release", "attempt_ids": [attempt_id]}
    operation = await cast.admin.post("/api/reservations/operations", asked)
    path = f"/api/reservations/operations/{operation['operation_id']}"

    async def is_over() -> bool:
        return bool((await cast.admin.get(path))["finished_at"])

    await until(is_over, "the acknowledgement")
    (answer,) = (await cast.admin.get(path))["acknowledgements"]["items"]
    assert answer["state"] == "done"
    result = await cast.student.get(f"/api/corrections/attempts/{attempt_id}/results")
    assert result["release"] == "released"
    with pytest.raises(Refused) as refused:
        await command(cast.admin, attempt_id, "reopen", {"time": "PT10M", "reason": "too late"})
    assert refused.value.status == 409


async def test_what_is_possible_after_the_end_is_what_is_taken(house: House) -> None:
    cast = await house.cast()
    attempt_id, _ = await begun(house, cast, duration="PT30M", appeal_window="PT1H")
    await command(cast.student, attempt_id, "submit", {})
    await until(lambda: _may(cast, attempt_id, "release"), "that it may be released", within=120)
    wrong = await _taken_in_spite(cast, attempt_id, "withheld")
    may_reopen = await _may(cast, attempt_id, "reopen")
    await command(cast.admin, attempt_id, "release")
    wrong += await _taken_in_spite(cast, attempt_id, "released")
    student = await cast.student.get(f"/api/reservations/attempts/{attempt_id}")
    await command(cast.student, attempt_id, "appeal", {"text": "Question 3 accepts two answers."})
    wrong += await _taken_in_spite(cast, attempt_id, "appealed")

    assert wrong == []
    assert may_reopen
    assert student["possible"] == ["appeal"]


async def _taken_in_spite(cast: Cast, attempt_id: str, stage: str) -> list[str]:
    """Commands that are taken though `possible` does not list them, of three people."""
    found = []
    for person, who in ((cast.student, "student"), (cast.proctor, "proctor"), (cast.admin, "admin")):
        said = (await person.get(f"/api/reservations/attempts/{attempt_id}"))["possible"]
        for door in DOORS:
            if word_of(door) in said:
                continue
            try:
                await command(
                    person, attempt_id, door.path, {"slot_id": attempt_id, **BODIES.get(door.path, {})}
                )
            except Refused as refused:
                found += [f"{stage}: {door.path} breaks: {refused.problem}"] * (refused.status >= 500)
            else:
                found.append(f"{stage}: {who} may {door.path}, and nothing said so")
    return found


async def _reopened_and_handed_in(cast: Cast, attempt_id: str) -> None:
    reopened = await command(cast.admin, attempt_id, "reopen", {"time": "PT10M", "reason": "a slip"})
    assert (reopened["phase"], reopened["given"]["added"]) == ("in_progress", "PT10M")
    again = await Script.open(cast.student, attempt_id)
    assert (await again.save(1)).json()["standing"] == "counted"
    await command(cast.student, attempt_id, "submit", {})


async def _late(script: Script, place: int) -> httpx.Response:
    """Arrives four seconds after whatever came before, and claims to be five minutes older."""
    await _sleep_until(datetime.now(UTC) + LATER)
    try:
        return await script.save(place, datetime.now(UTC) - EARLIER)
    except Refused as refused:
        return httpx.Response(refused.status, json=refused.problem)


async def _marked(cast: Cast, attempt_id: str, round_number: int) -> bool:
    try:
        result = await cast.admin.get(f"/api/corrections/attempts/{attempt_id}/results")
    except Refused:
        return False
    is_new = result["round_number"] == round_number and result["completed_at"] is not None
    return is_new and await _may(cast, attempt_id, "reopen")


async def _may(cast: Cast, attempt_id: str, verb: str) -> bool:
    attempt: dict[str, Any] = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
    return verb in attempt["possible"]


async def _earned(cast: Cast, attempt_id: str) -> list[Decimal]:
    result = await cast.admin.get(f"/api/corrections/attempts/{attempt_id}/results")
    return [Decimal(item["earned"]) for item in result["items"]]


async def _sleep_until(instant: datetime) -> None:
    await asyncio.sleep(max(0.0, (instant - datetime.now(UTC)).total_seconds()))
