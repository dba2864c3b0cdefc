"""The strip of critical incidents: what nobody has seen, who has seen the rest, and who may look."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from api.context import utc_now
from schema.db.tables.monitoring import IncidentRow
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.role import Role
from schema.task import OpenFeed
from tests.people import call
from tests.stream.node import Node
from tests.stream.test_proctor import attempt_row
from tests.stream.watching import START

API = "/api/monitoring"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def node(shared_node: Node) -> Node:
    return shared_node


def incident(attempt_id: UUID, seconds: int, severity: str = "critical") -> IncidentRow:
    return IncidentRow(
        incident_id=new_id(),
        attempt_id=attempt_id,
        kind="multiple_faces",
        severity=severity,
        opening_offset=seconds,
        started_at=START + timedelta(seconds=seconds),
        confidence=0.9,
        rule="two faces",
        model="none",
        created_at=START,
    )


async def named(node: Node, person_id: UUID, name: str) -> None:
    async with node.databases.users.write() as session:
        await call(session, person_id, name, utc_now())


async def watched(node: Node) -> tuple[UUID, UUID]:
    """(attempt, slot) with two critical incidents after each other and a low one at the end."""
    attempt, student, slot, exam = new_id(), new_id(), new_id(), new_id()
    await named(node, student, "Ada Lovelace")
    async with node.databases.reservations.write() as session:
        session.add(attempt_row(attempt, student, slot, exam))
    await node.feeds.open(
        OpenFeed(
            attempt_id=attempt,
            organisation_id=DEFAULT_ORGANISATION,
            exam_id=exam,
            student_id=student,
            interval=timedelta(seconds=1),
        )
    )
    async with node.databases.monitoring.write() as session:
        session.add_all([incident(attempt, 1), incident(attempt, 2), incident(attempt, 3, "low")])
    return attempt, slot


async def alerts(node: Node, headers: dict[str, str], **query: str) -> list[dict[str, Any]]:
    answer = await node.client.get(f"{API}/alerts", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_every_critical_incident_stays_until_somebody_has_seen_it(node: Node) -> None:
    attempt, slot = await watched(node)
    await named(node, proctor := new_id(), "Grace Hopper")
    headers = {"Authorization": f"Bearer {await node.token(proctor, Role.PROCTOR)}"}

    before = await alerts(node, headers, slot_id=str(slot))
    path = f"{API}/attempts/{attempt}/incidents/{before[0]['incident_id']}/acknowledgement"
    seen = (await node.client.post(path, headers=headers)).json()
    left = await alerts(node, headers, slot_id=str(slot))
    recent = await alerts(
        node, headers, slot_id=str(slot), seen_since=(START - timedelta(hours=1)).isoformat()
    )
    long_ago = await alerts(
        node, headers, slot_id=str(slot), seen_since=(START + timedelta(hours=1)).isoformat()
    )

    assert [one["started_at"] for one in before] == sorted(
        (one["started_at"] for one in before), reverse=True
    )
    assert {one["student_name"] for one in before} == {"Ada Lovelace"}
    assert seen["acknowledged_by_name"] == "Grace Hopper"
    assert len(before) == 2
    assert len(before) == 2
    assert [one["incident_id"] for one in left] == [before[1]["incident_id"]]
    assert [(one["incident_id"], one["acknowledged_by_name"]) for one in recent] == [
        (before[0]["incident_id"], "Grace Hopper")
    ]
    assert long_ago == []


async def test_alerts_are_for_those_who_watch_in_their_organisation(node: Node) -> None:
    _, slot = await watched(node)
    query = {"slot_id": str(slot)}
    url = f"{API}/alerts"

    student = await node.client.get(url, params=query, headers=await node.bearer(Role.STUDENT))
    neither = await node.client.get(url, headers=await node.bearer(Role.PROCTOR))
    elsewhere = await node.client.get(
        url, params={"slot_id": str(new_id())}, headers=await node.bearer(Role.PROCTOR)
    )

    assert (student.status_code, neither.status_code) == (403, 422)
    assert neither.json()["pointer"] == "/slot_id"
    assert elsewhere.json() == {"items": [], "next_cursor": None}
