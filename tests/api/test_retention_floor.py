"""Below the institution's minimum retention only an admin publishes."""

import httpx
import pytest

from schema.role import Role
from tests.api.house import House, Someone
from tests.api.test_rendering import EXAMS, draft


async def publish(house: House, maker: Someone, publisher: Someone, media: str) -> httpx.Response:
    body = {**draft("Is it blue?"), "policy": {"retention": {"media": media}}}
    made = await house.client.post(EXAMS, json=body, headers=maker.keyed())
    headers = {**publisher.headers, "If-Match": made.headers["ETag"]}
    return await house.client.post(f"{EXAMS}/{made.json()['exam_id']}/publish", headers=headers)


@pytest.mark.parametrize("media", ["PT0S", "PT1S", "P6D"])
async def test_an_author_is_refused_and_an_admin_may(house: House, media: str) -> None:
    author, admin = await house.person(Role.AUTHOR), await house.person(Role.ADMIN)

    refused = await publish(house, author, author, media)
    allowed = await publish(house, author, admin, media)

    (error,) = refused.json()["errors"]
    assert refused.status_code == 422
    assert error["pointer"] == "/policy/retention/media"
    assert "7 days" in error["problem"]
    assert allowed.status_code == 200


async def test_what_is_long_enough_is_published_by_its_author(house: House) -> None:
    author = await house.person(Role.AUTHOR)

    assert (await publish(house, author, author, "P7D")).status_code == 200
