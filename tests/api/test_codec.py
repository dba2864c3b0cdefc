"""The codec endpoint: admins read encrypted payloads in the Temporal UI, nobody else does, from no other page."""

import base64
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from pydantic import SecretStr
from temporalio.api.common.v1 import Payloads

from schema.role import Role
from schema.settings import Settings
from tests.api.house import House, Someone
from workers.connection import data_converter

KEYS = f"k1:{base64.b64encode(b'k' * 32).decode()}"
OTHER_KEYS = f"k1:{base64.b64encode(b'l' * 32).decode()}"
UI = {"Origin": "http://localhost:8233"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"payload_keys": SecretStr(KEYS)})


async def encrypted(settings: Settings, value: object) -> dict[str, Any]:
    payloads = await data_converter(settings).encode([value])
    return MessageToDict(Payloads(payloads=payloads))


async def decode(house: House, someone: Someone, body: dict[str, Any], **headers: str) -> Any:
    return await house.client.post("/api/codec/decode", json=body, headers={**someone.headers, **headers})


async def test_admins_read_what_workers_wrote(house: House, settings: Settings) -> None:
    body = await encrypted(settings, {"reason": "fire alarm"})

    answer = await decode(house, await house.person(Role.ADMIN), body)

    (payload,) = answer.json()["payloads"]
    assert b"fire alarm" not in base64.b64decode(body["payloads"][0]["data"])
    assert base64.b64decode(payload["data"]) == b'{"reason":"fire alarm"}'


async def test_others_do_not(house: House, settings: Settings) -> None:
    body = await encrypted(settings, "secret")

    answers = [await decode(house, await house.person(role), body) for role in Role if role is not Role.ADMIN]

    assert {answer.status_code for answer in answers} == {403}


async def test_what_is_encoded_is_decoded_again(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    plain = {"payloads": [{"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "e30="}]}

    sealed = await house.client.post("/api/codec/encode", json=plain, headers=admin.headers)
    opened = await decode(house, admin, sealed.json())

    assert sealed.json() != plain
    assert opened.json() == plain


@pytest.mark.parametrize(
    "payload", [{"data": "not base64!"}, {"unknown": 1}, {"metadata": {"encoding": 5}}, 7]
)
async def test_broken_payloads_are_refused(house: House, payload: Any) -> None:
    answer = await decode(house, await house.person(Role.ADMIN), {"payloads": [payload]})

    assert answer.status_code == 422


async def test_a_payload_of_another_key_is_refused(house: House, settings: Settings) -> None:
    other = settings.model_copy(update={"payload_keys": SecretStr(OTHER_KEYS)})
    body = await encrypted(other, "secret")

    answer = await decode(house, await house.person(Role.ADMIN), body)

    assert answer.status_code == 422


async def test_plaintext_is_refused_where_keys_are_set(house: House) -> None:
    plain = {"payloads": [{"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "e30="}]}

    answer = await decode(house, await house.person(Role.ADMIN), plain)

    assert answer.status_code == 422
    assert "not encrypted" in answer.json()["detail"]


async def test_the_temporal_ui_and_no_other_page_may_ask_with_cookies(
    house: House, settings: Settings
) -> None:
    admin = await house.person(Role.ADMIN)
    cookies = {"Cookie": "pw_access=" + admin.headers["Authorization"].removeprefix("Bearer ")}
    body = await encrypted(settings, "secret")

    from_ui = await house.client.post("/api/codec/decode", json=body, headers={**cookies, **UI})
    evil = {"Origin": "http://evil.example"}
    from_elsewhere = await house.client.post("/api/codec/decode", json=body, headers={**cookies, **evil})
    elsewhere = await house.client.patch("/api/users/me", json={}, headers={**cookies, **UI})

    assert from_ui.status_code == 200
    assert from_ui.headers["access-control-allow-origin"] == UI["Origin"]
    assert (from_elsewhere.status_code, elsewhere.status_code) == (403, 403)


async def test_a_browser_asks_first(house: House) -> None:
    ui = await house.client.options("/api/codec/decode", headers=UI)
    other = await house.client.options("/api/codec/decode", headers={"Origin": "http://evil.example"})

    assert ui.headers["access-control-allow-credentials"] == "true"
    assert "x-namespace" in ui.headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in other.headers
