"""Holds on several attempts at once: all or none, with a reason, by admins, and never on one's own."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone
from tests.api.test_search import named, sitting

RESERVATIONS = "/api/reservations"


async def ask(
    house: House,
    who: Someone,
    *attempt_ids: UUID,
    path: str = "holds",
    reason: str = "A claim",
    key: str = "",
) -> httpx.Response:
    body: dict[str, Any] = {"attempt_ids": [str(each) for each in attempt_ids], "reason": reason}
    return await house.client.post(f"{RESERVATIONS}/{path}", json=body, headers=who.keyed(key or None))


async def is_on_hold(house: House, who: Someone, attempt_id: UUID) -> bool:
    answer = await house.client.get(f"{RESERVATIONS}/attempts/{attempt_id}", headers=who.headers)
    held: bool = answer.json()["is_on_hold"]
    return held


async def entries(house: House, who: Someone, attempt_id: UUID) -> list[dict[str, Any]]:
    answer = await house.client.get(f"{RESERVATIONS}/attempts/{attempt_id}/holds", headers=who.headers)
    found: list[dict[str, Any]] = answer.json()
    return found


@pytest.mark.temporal
async def test_several_are_held_and_released(live: House) -> None:
    admin, student = await live.person(Role.ADMIN), await named(live, "Anna")
    both = [await sitting(live, student, phase="cancelled") for _ in range(2)]
    key = str(new_id())

    held = [await ask(live, admin, *both, key=key) for _ in range(2)]
    during = [await is_on_hold(live, admin, each) for each in both]
    released = await ask(live, admin, *both, path="holds/release", reason="settled")

    assert held[0].json() == held[1].json()
    assert [one["is_on_hold"] for one in held[0].json()["attempts"]] == [True, True]
    assert (during, released.status_code) == ([True, True], 200)
    (entry,) = await entries(live, admin, both[1])
    assert (entry["reason"], entry["release_reason"]) == ("A claim", "settled")
    assert not await is_on_hold(live, admin, both[0])


async def test_one_that_is_refused_leaves_all_as_they_are(house: House) -> None:
    admin, student = await house.person(Role.ADMIN, Role.STUDENT), await named(house, "Anna")
    fine, own = await sitting(house, student), await sitting(house, admin)
    purged = await sitting(house, student, release="purged")

    answers = [await ask(house, admin, fine, other) for other in (new_id(), own, purged)]

    assert [(one.status_code, one.json()["pointer"]) for one in answers] == [
        (404, "/attempt_ids/1"),
        (403, "/attempt_ids/1"),
        (409, "/attempt_ids/1"),
    ]
    assert not await is_on_hold(house, admin, fine)
    assert await entries(house, admin, fine) == []


async def test_a_reason_is_due_and_a_count_limited(house: House) -> None:
    admin, attempt_id = await house.person(Role.ADMIN), new_id()

    silent = await ask(house, admin, attempt_id, reason="")
    nobody = await ask(house, admin)
    crowd = await ask(house, admin, *[attempt_id] * 201)

    places = [one.json()["errors"][0]["pointer"] for one in (silent, nobody, crowd)]
    assert places == ["/reason", "/attempt_ids", "/attempt_ids"]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
async def test_holding_is_for_admins(house: House, role: Role) -> None:
    someone, attempt_id = await house.person(role), await sitting(house, await named(house, "Anna"))

    answers = [
        await ask(house, someone, attempt_id),
        await ask(house, someone, attempt_id, path="holds/release"),
        await house.client.get(f"{RESERVATIONS}/attempts/{attempt_id}/holds", headers=someone.headers),
    ]

    assert [one.status_code for one in answers] == [403, 403, 403]
