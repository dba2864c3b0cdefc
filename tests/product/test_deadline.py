"""All workers stopped across a deadline: the time of the deadline counts, not the time when somebody noticed."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.demo.cast import Cast
from api.demo.story import until
from tests.product.arrange import begun
from tests.product.house import House, Say
from tests.product.product import WORKERS
from tests.product.script import Script

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(240)]


async def test_without_workers_the_deadline_holds_all_the_same(house: House, say: Say) -> None:
    cast = await house.cast()
    # Unshuffled, the essay comes last; it is not answered in time.
    attempt_id, view = await begun(house, cast, duration="PT30S", shuffle_questions=False)
    deadline = datetime.fromisoformat(view["deadline_at"])
    script = await Script.open(cast.student, attempt_id)
    for place in (0, 1):
        assert (await script.save(place)).status_code == 200

    await house.product.down(*WORKERS)
    assert datetime.now(UTC) < deadline, "the workers took longer to stop than the exam lasts"
    await _sleep_until(deadline + timedelta(seconds=4))

    for place, claimed in ((2, deadline - timedelta(seconds=2)), (3, deadline + timedelta(hours=1))):
        late = await script.save(place, claimed)
        assert (late.status_code, late.json()["standing"]) == (202, "late"), "whatever its device claims"
    attempt = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
    assert attempt["phase"] == "in_progress", "nobody was there to close it"

    back_at = datetime.now(UTC)
    house.product.start(*WORKERS)
    await until(lambda: _is(cast, attempt_id, "marking", "marked"), "the marks", within=90)
    attempt = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
    assert attempt["phase"] == "submitted"
    assert datetime.fromisoformat(attempt["submitted_at"]) == deadline
    assert await _earned(cast, attempt_id) == [2, 2, 0, 0, 0]
    # Once it is closed the same holds.
    assert (await script.save(4, deadline - timedelta(seconds=1))).status_code == 202
    told = await _told(cast, attempt_id)
    assert datetime.fromisoformat(told["occurred_at"]) == deadline
    assert told["data"]["by"] == "timer"
    say(f"deadline: submitted as of {deadline:%T}; workers came back at {back_at:%T}")


async def _is(cast: Cast, attempt_id: str, machine: str, state: str) -> bool:
    attempt: dict[str, Any] = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
    return bool(attempt[machine] == state)


async def _earned(cast: Cast, attempt_id: str) -> list[Decimal]:
    result = await cast.admin.get(f"/api/corrections/attempts/{attempt_id}/results")
    return [Decimal(item["earned"]) for item in result["items"]]


async def _told(cast: Cast, attempt_id: str) -> dict[str, Any]:
    """The event that tells of the end."""
    timeline = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}/timeline", limit=200)
    (told,) = [event for event in timeline["items"] if event["topic"] == "exam_submitted"]
    return dict(told)


async def _sleep_until(instant: datetime) -> None:
    await asyncio.sleep(max(0.0, (instant - datetime.now(UTC)).total_seconds()))
