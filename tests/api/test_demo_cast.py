"""The demo plays with the accounts that `make run` prints, and says so where there are none."""

from collections.abc import AsyncIterator

import httpx
import pytest

from api.demo.cast import PASSWORD, ROLES, NoAccounts, sign_in
from api.demo.person import Person
from api.password import Passwords
from api.users.demo import ensure_demo_accounts
from schema.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.api.house import House


@pytest.fixture
async def student(house: House) -> AsyncIterator[Person]:
    person = Person("http://localhost", f"{ROLES[0]}@demo.example", PASSWORD)
    person._http = httpx.AsyncClient(transport=house.client._transport, base_url="http://localhost")
    yield person
    await person.leave()


def test_its_people_are_the_printed_ones() -> None:
    assert [f"{name}@demo.example" for name in ROLES] == [account.email for account in DEMO_ACCOUNTS]
    assert PASSWORD == DEMO_PASSWORD


async def test_they_sign_in_and_where_they_cannot_it_is_said_what_to_do(
    house: House, student: Person
) -> None:
    with pytest.raises(NoAccounts, match="DEMO_ACCOUNTS=true"):
        await sign_in(student)

    await ensure_demo_accounts(house.context.databases, Passwords(rounds=4))
    await sign_in(student)

    assert (await student.get("/api/users/me"))["email"] == "student@demo.example"
