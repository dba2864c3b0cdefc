"""Rate limits: guessing is slow, a success starts the count anew, and the answer says how long to wait."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from api.app import create_app
from api.limit import Rate, RateLimiter
from api.password import Passwords
from schema.db.session import Databases
from schema.failures import Failure, FailureType
from schema.role import Role
from schema.settings import Settings
from tests.api.conftest import PARTS, serving
from tests.api.house import PASSWORD, House, MovableClock


@pytest.fixture
async def limited(settings: Settings, databases: Databases, clock: MovableClock) -> AsyncIterator[House]:
    app = create_app(
        settings.model_copy(update={"rate_limits": True}),
        PARTS,
        databases=databases,
        passwords=Passwords(rounds=4),
        clock=clock,
        pace=timedelta(0),
    )
    async with serving(app) as client:
        yield House(client, app.state.context, clock)


async def login(house: House, email: str, password: str) -> int:
    body = {"email": email, "password": password}
    return (await house.client.post("/api/users/sessions", json=body)).status_code


async def test_guessing_a_password_is_stopped(limited: House) -> None:
    someone, other = await limited.person(Role.STUDENT), await limited.person(Role.STUDENT)

    answers = [await login(limited, someone.email, "wrong") for _ in range(11)]

    assert answers == [401] * 10 + [429]
    assert await login(limited, someone.email, PASSWORD) == 429
    assert await login(limited, other.email, PASSWORD) == 201


async def test_a_success_starts_the_count_anew(limited: House) -> None:
    someone = await limited.person(Role.STUDENT)
    for _ in range(9):
        await login(limited, someone.email, "wrong")
    await login(limited, someone.email, PASSWORD)

    assert [await login(limited, someone.email, "wrong") for _ in range(10)] == [401] * 10


async def test_resets_are_few_and_the_answer_says_when_to_try_again(limited: House) -> None:
    body = {"email": "nobody@example.org"}
    for _ in range(3):
        await limited.client.post("/api/users/password-resets", json=body)

    answer = await limited.client.post("/api/users/password-resets", json=body)

    assert answer.status_code == 429
    assert answer.json()["type"] == "/problems/too_many"
    assert 3500 < int(answer.headers["retry-after"]) <= 3600


async def test_people_are_counted_apart() -> None:
    limits = RateLimiter(is_on=True)
    for _ in range(3000):
        await limits.hit(Rate.GENERAL_PERSON, "ada")

    with pytest.raises(Failure) as caught:
        await limits.hit(Rate.GENERAL_PERSON, "ada")
    await limits.hit(Rate.GENERAL_PERSON, "bob")
    await limits.close()

    assert caught.value.type is FailureType.TOO_MANY
