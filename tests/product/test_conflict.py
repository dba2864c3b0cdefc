"""Two incompatible commands at once, over HTTP and against real workers: exactly one wins."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from api.demo.cast import Cast
from api.demo.person import Refused
from api.demo.story import command
from tests.product.arrange import CONSENT, checked_in, held
from tests.product.house import House, Say

pytestmark = pytest.mark.asyncio(loop_scope="package")

ROUNDS = 4

Arrange = Callable[[Cast, str, str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two commands, each as (who, path, body), and the phases they lead to."""

    arrange: Arrange
    commands: tuple[tuple[str, str, dict[str, str]], tuple[str, str, dict[str, str]]]
    phases: tuple[str, str]


async def _in_progress(cast: Cast, exam_id: str, slot_id: str) -> str:
    attempt_id = await checked_in(cast, exam_id, slot_id)
    await command(cast.proctor, attempt_id, "admit")
    await command(cast.student, attempt_id, "start")
    return attempt_id


WHY = {"reason": "The tests ask for both at once"}
PAIRS = {
    # The slot has begun, so students may cancel a hold and no reservation any more.
    "confirm or cancel": Pair(
        held, (("student", "confirm", {}), ("student", "cancel", {})), ("reserved", "cancelled")
    ),
    "admit or refuse": Pair(
        checked_in, (("proctor", "admit", {}), ("proctor", "refuse", WHY)), ("admitted", "voided")
    ),
    "submit or terminate": Pair(
        _in_progress, (("student", "submit", {}), ("proctor", "terminate", WHY)), ("submitted", "terminated")
    ),
}


@pytest.mark.parametrize("name", PAIRS)
async def test_of_two_incompatible_commands_one_wins(house: House, name: str, say: Say) -> None:
    pair = PAIRS[name]
    exam_id = await house.exam(CONSENT)
    slot_id = await house.slot(exam_id, ROUNDS)
    rounds = [_round(house, pair, exam_id, slot_id, turn) for turn in range(ROUNDS)]
    won = await asyncio.gather(*rounds)
    say(f"{name}: {won.count(0)} to {won.count(1)}")


async def _round(house: House, pair: Pair, exam_id: str, slot_id: str, turn: int) -> int:
    """Which of the two won."""
    cast = await house.cast()
    attempt_id = await pair.arrange(cast, exam_id, slot_id)
    # Whoever is sent first in one round is sent last in the next.
    places = (0, 1) if turn % 2 else (1, 0)
    sent = [_try(cast, attempt_id, *pair.commands[place]) for place in places]
    answers = dict(zip(places, await asyncio.gather(*sent), strict=True))
    (winner,) = [place for place, answer in answers.items() if not isinstance(answer, Refused)]
    refused = answers[1 - winner]
    assert isinstance(refused, Refused)
    assert refused.status == 409
    assert refused.problem["type"] in {"/problems/illegal_move", "/problems/conflict"}
    assert refused.problem["detail"]
    attempt = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
    assert attempt["phase"] == answers[winner]["phase"] == pair.phases[winner]
    return winner


async def _try(cast: Cast, attempt_id: str, who: str, path: str, body: dict[str, str]) -> Any:
    """The attempt's view, or why it was refused."""
    try:
        return await command(getattr(cast, who), attempt_id, path, body)
    except Refused as refused:
        return refused
