"""The first admin comes from the command line; everybody else's roles come from admins."""

from api.users.admin import make_admin
from schema.role import Role
from tests.api.house import PASSWORD, House


async def test_a_confirmed_person_becomes_an_admin_and_keeps_other_roles(house: House) -> None:
    someone = await house.person(Role.STUDENT)

    assert await make_admin(house.context.databases, someone.email.upper())

    body = {"email": someone.email, "password": PASSWORD}
    answer = await house.client.post("/api/users/sessions", json=body)
    assert answer.json()["person"]["roles"] == ["admin", "student"]


async def test_an_address_that_nobody_confirmed_does_not(house: House) -> None:
    form = {"email": "ada@example.org", "password": PASSWORD, "display_name": "Ada"}
    await house.client.post("/api/users/registrations", json=form)

    assert not await make_admin(house.context.databases, "ada@example.org")
    assert not await make_admin(house.context.databases, "nobody@example.org")
