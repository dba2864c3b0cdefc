"""Who waits to be let in shows themselves to those who watch, and to nobody else."""

from datetime import timedelta
from uuid import UUID

import pytest

from api.context import utc_now
from schema.attempt import Phase
from schema.db.tables.monitoring import GlimpseRow
from schema.ids import new_id
from schema.role import Role
from tests.stream.browser import jpeg
from tests.stream.node import Node
from tests.stream.test_proctor import attempt_row

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def node(shared_node: Node) -> Node:
    return shared_node


async def attempt(node: Node, phase: Phase = Phase.AWAITING_ADMISSION) -> tuple[str, UUID, dict[str, str]]:
    """(path, attempt, the student's headers)."""
    row = attempt_row(attempt_id := new_id(), student := new_id(), new_id(), new_id())
    row.phase = phase
    async with node.databases.reservations.write() as session:
        session.add(row)
    headers = {
        "Authorization": f"Bearer {await node.token(student, Role.STUDENT)}",
        "Content-Type": "image/jpeg",
    }
    return f"/api/monitoring/attempts/{attempt_id}/glimpse", attempt_id, headers


async def test_the_newest_picture_takes_the_place_of_the_one_before(node: Node) -> None:
    path, attempt_id, student = await attempt(node)
    proctor = await node.bearer(Role.PROCTOR)

    before = await node.client.get(path, headers=proctor)
    if_any = await node.client.get(path + "?if_any=true", headers=proctor)
    sent = [(await node.client.put(path, content=jpeg(seed), headers=student)).status_code for seed in (1, 2)]
    seen = await node.client.get(path, headers=proctor)
    async with node.databases.monitoring.write() as session:
        (await session.get_one(GlimpseRow, attempt_id)).captured_at = utc_now() - timedelta(minutes=1)
    old = await node.client.get(path, headers=proctor)

    assert (before.status_code, sent, old.status_code) == (404, [204, 204], 404)
    assert (if_any.status_code, if_any.content) == (204, b"")
    assert seen.content == jpeg(2)
    assert "x-captured-at" in seen.headers


async def test_only_who_waits_shows_themselves_and_only_to_those_who_watch(node: Node) -> None:
    path, _, student = await attempt(node)
    writing, _, writer = await attempt(node, Phase.IN_PROGRESS)
    let_in, _, guest = await attempt(node, Phase.ADMITTED)
    stranger = {**student, "Authorization": (await node.bearer(Role.STUDENT))["Authorization"]}

    answers = {
        "of another": await node.client.put(path, content=jpeg(), headers=stranger),
        "just let in": await node.client.put(let_in, content=jpeg(), headers=guest),
        "kept of them": await node.client.get(let_in, headers=await node.bearer(Role.PROCTOR)),
        "while writing": await node.client.put(writing, content=jpeg(), headers=writer),
        "no picture": await node.client.put(path, content=b"hello", headers=student),
        "text": await node.client.put(path, content=b"{}", headers={**student, "Content-Type": "text/plain"}),
        "too large": await node.client.put(path, content=jpeg(0, 1280, 960), headers=student),
        "seen by a student": await node.client.get(path, headers=student),
        "of nobody": await node.client.get(
            f"/api/monitoring/attempts/{new_id()}/glimpse", headers=await node.bearer(Role.PROCTOR)
        ),
    }

    assert {why: answer.status_code for why, answer in answers.items()} == {
        "of another": 404,
        "just let in": 204,
        "kept of them": 404,
        "while writing": 409,
        "no picture": 415,
        "text": 415,
        "too large": 413,
        "seen by a student": 403,
        "of nobody": 404,
    }
