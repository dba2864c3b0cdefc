"""Rate limits: guessers wait and the right person gets in; nobody uses up what another may ask for."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest

from api.app import create_app
from api.limit import Rate, RateLimiter
from api.password import Passwords, Turns
from api.throttle import Client, Throttle
from schema.db.session import Databases
from schema.failures import Failure, FailureType
from schema.role import Role
from schema.settings import Settings
from tests.api.conftest import PARTS, serving
from tests.api.house import PASSWORD, House, MovableClock


class Waits:
    """Time that passes only where somebody waits."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.taken.append(seconds)

    def now(self) -> float:
        return 1_000 + sum(self.taken)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
async def limited(
    settings: Settings, databases: Databases, clock: MovableClock, waits: Waits
) -> AsyncIterator[House]:
    app = create_app(
        settings.model_copy(update={"rate_limits": True}),
        PARTS,
        databases=databases,
        passwords=Passwords(rounds=4),
        clock=clock,
        pace=timedelta(0),
    )
    async with serving(app) as client:
        throttle = Throttle(is_on=True, sleep=waits.sleep, now=waits.now)
        object.__setattr__(app.state.context, "throttle", throttle)
        yield House(client, app.state.context, clock)


async def login(house: House, email: str, password: str, **headers: str) -> int:
    body = {"email": email, "password": password}
    return (await house.client.post("/api/users/sessions", json=body, headers=headers)).status_code


async def guess(house: House, email: str, times: int, **headers: str) -> list[int]:
    return [await login(house, email, "wrong", **headers) for _ in range(times)]


async def test_a_guesser_waits_longer_each_time_and_the_right_password_still_passes(
    limited: House, waits: Waits
) -> None:
    someone, other = await limited.person(Role.STUDENT), await limited.person(Role.STUDENT)

    answers = await guess(limited, someone.email, 20)

    assert answers == [401] * 20
    assert waits.taken[:6] == pytest.approx([0.5, 1, 2, 4, 4, 4])
    assert sum(waits.taken) > 40
    before = len(waits.taken)
    assert await login(limited, other.email, PASSWORD) == 201
    assert len(waits.taken) == before
    assert await login(limited, someone.email, PASSWORD) == 201
    assert waits.taken[before:] == [4]


async def test_an_unknown_account_waits_as_long_as_a_known_one(limited: House, waits: Waits) -> None:
    someone = await limited.person(Role.STUDENT)
    await guess(limited, someone.email, 12)
    known = list(waits.taken)
    waits.taken.clear()

    await guess(limited, "nobody@example.org", 12)

    assert waits.taken == known


async def test_a_browser_that_was_in_before_does_not_wait_for_guessers(limited: House, waits: Waits) -> None:
    someone = await limited.person(Role.STUDENT)
    assert await login(limited, someone.email, PASSWORD) == 201
    cookie = f"pw_device={limited.client.cookies['pw_device']}"
    limited.client.cookies.clear()
    await guess(limited, someone.email, 60)
    waits.taken.clear()

    assert await login(limited, someone.email, PASSWORD, Cookie=cookie) == 201
    assert waits.taken == []


async def test_a_flood_from_ones_own_address_keeps_nobody_out(limited: House, waits: Waits) -> None:
    someone, known = await limited.person(Role.STUDENT), await limited.person(Role.STUDENT)
    assert await login(limited, known.email, PASSWORD) == 201
    cookie = f"pw_device={limited.client.cookies['pw_device']}"
    limited.client.cookies.clear()
    for _ in range(2_000):  # whatever else a stranger asks there
        with suppress(Failure):
            await limited.context.limits.hit(Rate.GENERAL_ADDRESS, "127.0.0.1")

    flood = [await login(limited, f"guess-{number}@example.org", "wrong") for number in range(320)]
    flood += await guess(limited, known.email, 20)
    waits.taken.clear()

    assert set(flood) == {401}
    assert await login(limited, someone.email, PASSWORD) == 201
    assert await login(limited, known.email, PASSWORD, Cookie=cookie) == 201
    assert waits.taken == []


async def test_a_stolen_or_forged_device_cookie_guesses_no_faster(limited: House, waits: Waits) -> None:
    someone, other = await limited.person(Role.STUDENT), await limited.person(Role.STUDENT)
    await login(limited, someone.email, PASSWORD)
    cookie = f"pw_device={limited.client.cookies['pw_device']}"
    limited.client.cookies.clear()

    for email, shown in ((someone.email, cookie), (other.email, cookie), (other.email, cookie + "x")):
        waits.taken.clear()
        await guess(limited, email, 12, Cookie=shown)
        assert sum(waits.taken) > 10, shown


async def test_many_clients_at_one_account_are_slowed_together() -> None:
    waits = Waits()
    throttle = Throttle(is_on=True, sleep=waits.sleep, now=waits.now)
    for number in range(60):
        with suppress(Failure):
            async with throttle.turn(Client(f"10.0.0.{number}", "victim")):
                raise Failure(FailureType.UNAUTHENTICATED, "wrong")
    waits.taken.clear()

    async with throttle.turn(Client("192.0.2.1", "victim")):
        pass
    async with throttle.turn(Client("device d", "victim", is_known=True)):
        pass
    async with throttle.turn(Client("10.0.0.1", "another")):
        pass

    assert waits.taken == [2]


async def test_a_client_that_does_not_await_its_answers_is_refused_and_others_are_not() -> None:
    throttle = Throttle(is_on=True)
    held = asyncio.Event()

    async def hold() -> bool:
        try:
            async with throttle.turn(Client("a", "victim")):
                await held.wait()
        except Failure as failure:
            return failure.type is not FailureType.TOO_MANY
        return True

    tasks = [asyncio.create_task(hold()) for _ in range(100)]
    await asyncio.sleep(0)
    async with throttle.turn(Client("b", "victim")):
        held.set()

    assert sum(await asyncio.gather(*tasks)) == 20


async def test_hashing_takes_turns_between_lanes() -> None:
    turns, gate = Turns(1), threading.Event()
    order: list[str] = []

    async def ask(lane: str) -> None:
        await turns.run(lane, gate.wait)
        order.append(lane)

    flood = [asyncio.create_task(ask("flood")) for _ in range(50)]
    await asyncio.sleep(0)
    others = [asyncio.create_task(ask(lane)) for lane in ("ada", "bob")]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*flood, *others)

    assert {"ada", "bob"} <= set(order[:5])
    assert len(order) == 52


async def test_nobody_uses_up_anothers_resets(limited: House) -> None:
    someone = await limited.person(Role.STUDENT)
    ask = {"email": someone.email}

    answers = [await limited.client.post("/api/users/password-resets", json=ask) for _ in range(40)]
    (mail,) = await limited.mails(someone.person_id)
    done = await limited.client.post(
        "/api/users/password-resets/complete",
        json={"token": mail.data["token"], "password": "a new long one"},
    )

    assert {answer.status_code for answer in answers} == {202}
    assert done.status_code == 204
    limited.clock.move(timedelta(minutes=11))
    assert (await limited.client.post("/api/users/password-resets", json=ask)).status_code == 202
    assert len(await limited.mails(someone.person_id)) == 2


async def test_nobody_uses_up_anothers_registration(limited: House) -> None:
    form = {"email": "ada@example.org", "password": "a strangers choice", "display_name": "Stranger"}

    for _ in range(20):
        assert (await limited.client.post("/api/users/registrations", json=form)).status_code == 202
    own = {**form, "password": PASSWORD, "display_name": "Ada"}
    assert (await limited.client.post("/api/users/registrations", json=own)).status_code == 202
    (mail,) = await limited.mails()
    confirmed = await limited.client.post(
        "/api/users/confirmations", json={"token": mail.data["token"], "password": PASSWORD}
    )

    assert confirmed.status_code == 200
    assert confirmed.json()["display_name"] == "Ada"


async def test_what_one_address_may_ask_comes_back_within_a_minute(limited: House) -> None:
    answers = [
        await limited.client.post("/api/users/password-resets", json={"email": f"n{number}@example.org"})
        for number in range(61)
    ]

    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) <= 60


async def test_people_are_counted_apart() -> None:
    limits = RateLimiter(is_on=True)
    for _ in range(3000):
        await limits.hit(Rate.GENERAL_PERSON, "ada")

    with pytest.raises(Failure) as caught:
        await limits.hit(Rate.GENERAL_PERSON, "ada")
    await limits.hit(Rate.GENERAL_PERSON, "bob")
    await limits.close()

    assert caught.value.type is FailureType.TOO_MANY


async def test_counts_are_forgotten_without_a_task_and_memory_is_bounded() -> None:
    limits = RateLimiter(is_on=True)
    before = asyncio.all_tasks()

    for number in range(60_000):
        await limits.hit(Rate.RESET_ADDRESS, str(number))

    assert asyncio.all_tasks() == before
    assert len(limits._hits) <= 50_000
