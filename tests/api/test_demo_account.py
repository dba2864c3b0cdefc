"""Demo accounts: there on a development machine, signed in with the shown password, never in production."""

import pytest
from pydantic import ValidationError

from api.password import Passwords
from api.users.demo import ensure_demo_accounts
from schema.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from schema.settings import Settings
from tests.api.house import House


async def test_every_role_can_sign_in(house: House) -> None:
    await ensure_demo_accounts(house.context.databases, Passwords(rounds=4))

    for account in DEMO_ACCOUNTS:
        body = {"email": account.email, "password": DEMO_PASSWORD}
        answer = await house.client.post("/api/users/sessions", json=body)
        assert answer.status_code == 201
        assert answer.json()["person"]["roles"] == [role.value for role in account.roles]


async def test_ensuring_again_changes_nothing(house: House) -> None:
    await ensure_demo_accounts(house.context.databases, Passwords(rounds=4))
    body = {"email": DEMO_ACCOUNTS[0].email, "password": DEMO_PASSWORD}
    before = (await house.client.post("/api/users/sessions", json=body)).json()["person"]

    await ensure_demo_accounts(house.context.databases, Passwords(rounds=4))

    assert (await house.client.post("/api/users/sessions", json=body)).json()["person"] == before


def test_production_refuses_them() -> None:
    secrets = {"jwt_secret": "x" * 40, "internal_token": "y" * 40}

    with pytest.raises(ValidationError, match="DEMO_ACCOUNTS"):
        Settings.model_validate({"environment": "production", "demo_accounts": True, **secrets})
