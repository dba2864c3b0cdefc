"""What proctors, reviewers and students see of a stream over REST."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from activities.adapters.sql.checkpoint_book import SqlCheckpointBook
from activities.adapters.sql.waiting import SqlWaitingBook
from api.context import utc_now
from schema.analysis import Analysis
from schema.attempt import Phase
from schema.db.tables.monitoring import IncidentRow
from schema.db.tables.reservations import AttemptRow
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.incident import IncidentKind, Severity
from schema.record import Record, RecordKind
from schema.role import Role
from schema.stream import Presence
from tests.people import call
from tests.stream.browser import jpeg
from tests.stream.node import WAIT, Node
from tests.stream.task import watch_task
from tests.stream.watching import START, CountingWatcher

API = "/api/monitoring"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def node(shared_node: Node) -> Node:
    return shared_node


async def streamed(node: Node, count: int = 6) -> tuple[UUID, UUID, Sequence[Record]]:
    """An attempt with frames whose stream is over."""
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        for seq in range(1, count + 1):
            await browser.send_frame(seq)
        await browser.acks(count)
        records = await node.records(attempt)
    return attempt, student, [record for record in records if record.kind is RecordKind.FRAME]


async def analysed(node: Node, attempt: UUID, frames: Sequence[Record]) -> Analysis:
    """An incident at every fifth frame."""
    analysis = CountingWatcher(attempt).analyse(None, frames)
    book = SqlCheckpointBook(node.databases.monitoring)
    await book.commit(await book.take_lease(attempt, "test"), watch_task(attempt), analysis)
    return analysis


async def test_a_proctor_sees_the_newest_frame(node: Node) -> None:
    attempt, _, frames = await streamed(node)
    answer = await node.client.get(
        f"{API}/attempts/{attempt}/frames/latest", headers=await node.bearer(Role.PROCTOR)
    )

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-frame-offset"] == str(frames[-1].offset)
    assert answer.headers["x-captured-at"] == frames[-1].captured_at.isoformat()
    assert answer.content == jpeg(6)


async def test_a_reviewer_plays_frames_back_list_by_list(node: Node) -> None:
    attempt, _, frames = await streamed(node)
    reviewer = await node.bearer(Role.REVIEWER)
    url = f"{API}/attempts/{attempt}/frames"
    first = (await node.client.get(url, params={"limit": 4}, headers=reviewer)).json()
    rest = (await node.client.get(url, params={"after": first["next_after"]}, headers=reviewer)).json()
    stops = [int(stop["offset"]) for stop in first["items"] + rest["items"]]
    picture = await node.client.get(f"{url}/{stops[2]}", headers=reviewer)

    assert stops == [frame.offset for frame in frames]
    assert rest["next_after"] is None
    assert picture.content == frames[2].body


@pytest.mark.parametrize("offset", ["0", "-5", "12345", "99999999999999999999999"])
async def test_a_frame_that_is_not_there_is_not_found(node: Node, offset: str) -> None:
    attempt, _, _ = await streamed(node, 1)
    answer = await node.client.get(
        f"{API}/attempts/{attempt}/frames/{offset}", headers=await node.bearer(Role.PROCTOR)
    )

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_incidents_come_with_evidence_and_boxes_and_can_be_acknowledged(node: Node) -> None:
    attempt, _, frames = await streamed(node)
    analysis = await analysed(node, attempt, frames)
    proctor, proctor_id = await node.bearer(Role.PROCTOR), new_id()
    url = f"{API}/attempts/{attempt}/incidents"
    (shown,) = (await node.client.get(url, headers=proctor)).json()["items"]
    seen = {"Authorization": f"Bearer {await node.token(proctor_id, Role.PROCTOR)}"}
    acknowledged = await node.client.post(f"{url}/{shown['incident_id']}/acknowledgement", headers=seen)
    again = await node.client.post(f"{url}/{shown['incident_id']}/acknowledgement", headers=proctor)
    picture = await node.client.get(f"{url}/{shown['incident_id']}/evidence/at", headers=proctor)
    none = await node.client.get(f"{url}/{shown['incident_id']}/evidence/before", headers=proctor)

    incident = analysis.changes[0].incident
    assert (shown["kind"], shown["severity"]) == ("face_absent", "high")
    assert shown["evidence"][0]["offset"] == str(incident.opening_offset)
    assert acknowledged.json()["acknowledged_by"] == str(proctor_id)
    assert again.json()["acknowledged_by"] == str(proctor_id)
    assert picture.content == frames[4].body
    assert none.status_code == 404


async def test_health_needs_a_browser_and_a_detector(node: Node) -> None:
    attempt, student, frames = await streamed(node)
    url = f"{API}/attempts/{attempt}/presence"
    alone = (await node.client.get(url, headers=await node.bearer(Role.PROCTOR))).json()
    await analysed(node, attempt, frames)
    own = {"Authorization": f"Bearer {await node.token(student, Role.STUDENT)}"}
    watched = (await node.client.get(url, headers=own)).json()

    assert not alone["is_healthy"]
    assert "no detector watches" in alone["troubles"]
    assert "no detector watches" not in watched["troubles"]


async def test_a_student_learns_at_once_what_they_can_mend_while_it_lasts(node: Node) -> None:
    attempt, student, _ = await streamed(node)
    own = {"Authorization": f"Bearer {await node.token(student, Role.STUDENT)}"}
    async with node.databases.monitoring.write() as session:
        session.add(incident_row(attempt, IncidentKind.FACE_ABSENT))
        session.add(incident_row(attempt, IncidentKind.FORBIDDEN_OBJECT))  # theirs to know in the result
        session.add(incident_row(attempt, IncidentKind.LOW_LIGHT, ended_at=START))

    health = (await node.client.get(f"{API}/attempts/{attempt}/presence", headers=own)).json()

    assert health["to_mend"] == ["face_absent"]


def incident_row(attempt_id: UUID, kind: IncidentKind, ended_at: datetime | None = None) -> IncidentRow:
    return IncidentRow(
        incident_id=new_id(),
        attempt_id=attempt_id,
        kind=kind,
        severity=Severity.HIGH,
        opening_offset=1,
        started_at=START,
        ended_at=ended_at,
        confidence=0.9,
        rule="a test's",
        model="none",
        created_at=START,
    )


@pytest.mark.parametrize(
    "path",
    [
        "frames",
        "frames/latest",
        "frames/4294967298",
        "incidents",
        "incidents/{id}",
        "incidents/{id}/evidence/at",
    ],
)
async def test_a_student_sees_neither_pictures_nor_incidents(node: Node, path: str) -> None:
    attempt, student, _ = await streamed(node, 1)
    own = {"Authorization": f"Bearer {await node.token(student, Role.STUDENT)}"}
    answer = await node.client.get(f"{API}/attempts/{attempt}/{path.format(id=new_id())}", headers=own)

    assert answer.status_code == 403


async def test_another_students_attempt_is_unknown(node: Node) -> None:
    attempt, _ = await node.open_attempt()
    stranger = await node.bearer(Role.STUDENT)
    presence = await node.client.get(f"{API}/attempts/{attempt}/presence", headers=stranger)
    ticket = await node.client.post(f"{API}/attempts/{attempt}/stream-ticket", headers=stranger)

    assert presence.status_code == 404
    asked = await node.client.get(f"{API}/attempts/{attempt}/presence?if_any=true", headers=stranger)
    assert (asked.status_code, asked.content) == (204, b"")  # a page that asks early fills no log
    assert ticket.status_code == 403


async def test_an_unknown_attempt_is_not_found(node: Node) -> None:
    student = await node.bearer(Role.STUDENT)
    answer = await node.client.post(f"{API}/attempts/{new_id()}/stream-ticket", headers=student)

    assert answer.status_code == 404


async def test_the_wall_shows_a_slots_attempts_with_presence_and_last_incident(node: Node) -> None:
    attempt, student, frames = await streamed(node)
    await analysed(node, attempt, frames)
    slot, exam = new_id(), new_id()
    async with node.databases.reservations.write() as session:
        session.add(attempt_row(attempt, student, slot, exam))
        session.add(attempt_row(new_id(), new_id(), slot, exam))
    async with node.databases.users.write() as session:
        await call(session, student, "Ada Lovelace", utc_now())
    proctor = await node.bearer(Role.PROCTOR)
    by_slot = (await node.client.get(f"{API}/wall", params={"slot_id": str(slot)}, headers=proctor)).json()
    by_exam = (await node.client.get(f"{API}/wall", params={"exam_id": str(exam)}, headers=proctor)).json()
    neither = await node.client.get(f"{API}/wall", headers=proctor)

    tiles = {tile["attempt_id"]: tile for tile in by_slot["items"]}
    assert len(tiles) == 2
    assert sorted(tile["student_name"] for tile in tiles.values()) == ["", "Ada Lovelace"]
    assert tiles[str(attempt)]["last_incident"]["kind"] == "face_absent"
    assert {key: tile["risk"] for key, tile in tiles.items()} == {
        key: pytest.approx(8 * 0.9 if key == str(attempt) else 0.0) for key in tiles
    }
    assert tiles[str(attempt)]["health"]["presence"] in {"online", "missing"}
    assert [tile["health"] for key, tile in tiles.items() if key != str(attempt)] == [None]
    assert {tile["attempt_id"] for tile in by_exam["items"]} == set(tiles)
    assert neither.status_code == 422


def attempt_row(attempt_id: UUID, student_id: UUID, slot_id: UUID, exam_id: UUID) -> AttemptRow:
    return AttemptRow(
        attempt_id=attempt_id,
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=exam_id,
        exam_version=1,
        student_id=student_id,
        slot_id=slot_id,
        seed=1,
        phase=Phase.IN_PROGRESS,
        marking="pending",
        integrity="none",
        release="withheld",
        version=1,
        hold_until=START,
        checks_done={},
        created_at=START + timedelta(seconds=student_id.int % 1000),
        updated_at=START,
    )


async def test_lag_is_the_age_of_the_oldest_record_that_waits_after_the_stream_too(node: Node) -> None:
    attempt, _, _ = await streamed(node)
    url, proctor = f"{API}/attempts/{attempt}/presence", await node.bearer(Role.PROCTOR)
    checkpoints, book = (
        SqlCheckpointBook(node.databases.monitoring),
        SqlWaitingBook(node.databases.monitoring),
    )

    async def shown() -> dict[str, object]:
        answer: dict[str, object] = (await node.client.get(url, headers=proctor)).json()
        return answer

    async def is_over() -> bool:
        return (await shown())["presence"] == Presence.MISSING

    await eventually(is_over)  # then the record that says so is the last one
    await eventually(lambda: _waits(book, attempt))
    before = await shown()
    last = (await node.records(attempt))[-1].offset
    lease = await checkpoints.take_lease(attempt, "test")
    await checkpoints.commit(lease, watch_task(attempt), Analysis(b"{}", last, (), 6, 0))
    await eventually(lambda: _waits(book, attempt, is_so=False))
    after = await shown()

    assert isinstance(before["lag_seconds"], float)
    assert before["lag_seconds"] > 0
    assert [reason["trouble"] for reason in before["reasons"]] == ["missing", "unassigned"]  # type: ignore[attr-defined]
    assert after["lag_seconds"] in {0, None}


async def _waits(book: SqlWaitingBook, attempt: UUID, *, is_so: bool = True) -> bool:
    return (attempt in await book.lags(utc_now())) is is_so


async def eventually(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WAIT):
        while not await is_so():
            await asyncio.sleep(0.1)
