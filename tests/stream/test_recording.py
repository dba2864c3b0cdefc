"""A reviewer plays a recording: times in one request, pictures in a few, and each look in the audit log."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from activities.adapters.sql.checkpoint_book import SqlCheckpointBook
from api.spool.running import RunningSpool
from schema import pack
from schema.analysis import Analysis
from schema.db.tables.corrections import ReviewRow
from schema.db.tables.monitoring import AttemptFeed
from schema.db.tables.users import JournalEntry
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.record import Record, RecordKind
from schema.recording.task import recording_name
from schema.role import Role
from tests.stream.node import Node
from tests.stream.packed import frames_at, store_packs
from tests.stream.task import watch_task

API = "/api/monitoring"
TEN_MINUTES = 600  # frames
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def node(shared_node: Node) -> Node:
    return shared_node


def headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def recorded(node: Node, count: int) -> tuple[UUID, UUID, list[Record]]:
    """An attempt whose frames were captured at uneven times and are durable."""
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        for seq in range(1, count + 1):
            await browser.send_frame(seq)
        await browser.acks(count)
    records = await node.records(attempt, limit=200)
    return attempt, student, [record for record in records if record.kind is RecordKind.FRAME]


async def played(
    node: Node, attempt: UUID, reviewer: dict[str, str], **stretch: str
) -> tuple[dict[str, datetime], list[Record], int]:
    """(captured_at by offset, pictures by part, requests) of a recording or a stretch."""
    url = f"{API}/attempts/{attempt}/recording"
    film = (await node.client.get(url, params=stretch, headers=reviewer)).raise_for_status().json()
    pictures: list[Record] = []
    for part in film["parts"]:
        asked = {"after": part["after"], "limit": part["limit"]}
        answer = await node.client.get(f"{url}/pictures", params=asked, headers=reviewer)
        pictures += pack.decode_records(answer.raise_for_status().content)
    times = {frame["offset"]: datetime.fromisoformat(frame["captured_at"]) for frame in film["frames"]}
    assert list(times.values()) == sorted(times.values())
    return times, pictures, 1 + len(film["parts"])


async def test_ten_minutes_are_a_few_large_reads_of_the_lake(node: Node) -> None:
    attempt, _ = await node.open_attempt()
    times = [timedelta(seconds=n * n % 7 / 10 + n) for n in range(TEN_MINUTES)]
    frames = frames_at(times, b"\0" * 25_000, new_id())
    await store_packs(node, attempt, frames)

    found, pictures, requests = await played(node, attempt, await node.bearer(Role.REVIEWER))

    assert pictures == frames
    assert found == {str(frame.offset): frame.captured_at for frame in frames}
    assert requests <= 25


@pytest.mark.asyncio(loop_scope="function")
async def test_a_recording_is_the_same_from_spool_and_lake(running: tuple[Node, RunningSpool]) -> None:
    node, spool = running
    attempt, _, frames = await recorded(node, 6)
    reviewer = await node.bearer(Role.REVIEWER)

    from_spool = await played(node, attempt, reviewer)
    await trimmed(node, spool, attempt)

    assert from_spool[1] == frames
    assert await played(node, attempt, reviewer) == from_spool


async def trimmed(node: Node, spool: RunningSpool, attempt: UUID) -> None:
    """Everything of the attempt is in the lake only."""
    await node.feeds.close(attempt)
    await node.until_final(attempt)
    await node.uploader.upload_sealed()
    book = SqlCheckpointBook(node.databases.monitoring)
    offset = (await node.records(attempt, limit=200))[-1].offset
    await book.commit(
        await book.take_lease(attempt, "test"), watch_task(attempt), Analysis(b"{}", offset, (), 0, 0)
    )
    await spool.keeper.keep(is_slow_round=True)
    segments = await spool.spool.segments.of_attempt(attempt)
    assert segments
    assert not any(spool.spool.shelf.has(segment) for segment in segments)


async def test_a_stretch_brings_its_own_pictures_only(node: Node) -> None:
    attempt, _, frames = await recorded(node, 8)
    since, until = frames[2].captured_at, frames[5].captured_at
    reviewer = await node.bearer(Role.REVIEWER)

    times, _, _ = await played(node, attempt, reviewer, since=since.isoformat(), until=until.isoformat())
    nothing, pictures, requests = await played(
        node, attempt, reviewer, since=(until + timedelta(hours=1)).isoformat()
    )

    assert sorted(times) == [str(frame.offset) for frame in frames if since <= frame.captured_at < until]
    assert (nothing, pictures, requests) == ({}, [], 1)


async def test_a_look_at_a_recording_is_in_the_audit_log(node: Node) -> None:
    attempt, _, _ = await recorded(node, 3)
    reviewer = new_id()
    await played(node, attempt, headers(await node.token(reviewer, Role.REVIEWER)))

    query = select(JournalEntry.kind).where(
        JournalEntry.actor_id == reviewer, JournalEntry.subject_id == attempt
    )
    async with node.databases.users.read() as session:
        assert list(await session.scalars(query)) == ["recording_seen"]


async def test_an_exported_video_is_downloaded_and_the_look_written_down(node: Node) -> None:
    attempt, _, _ = await recorded(node, 1)
    reviewer = new_id()
    bearer = headers(await node.token(reviewer, Role.REVIEWER))
    url = f"{API}/attempts/{attempt}/recording"
    none = await node.client.get(f"{url}/video", headers=bearer)
    before = (await node.client.get(url, headers=bearer)).json()["video"]
    async with node.databases.monitoring.read() as session:
        exam_id = (await session.get_one(AttemptFeed, attempt)).exam_id
    film = bytes(range(256)) * 20_000  # longer than one piece
    await node.store.put(recording_name(exam_id, attempt), film)

    address = (await node.client.get(url, headers=bearer)).json()["video"]
    video = await node.client.get(address, headers=bearer)

    assert (none.status_code, before) == (404, None)
    assert (video.content, video.headers["content-type"]) == (film, "video/webm")
    query = select(JournalEntry.kind).where(JournalEntry.actor_id == reviewer)
    async with node.databases.users.read() as session:
        assert list(await session.scalars(query)) == ["recording_downloaded"]


@pytest.mark.parametrize("path", ["", "/pictures?after=0&limit=9", "/video"])
@pytest.mark.parametrize("role", [Role.STUDENT, Role.GRADER, Role.AUTHOR, Role.PROCTOR])
async def test_a_recording_is_for_reviewers(node: Node, path: str, role: Role) -> None:
    attempt, _, _ = await recorded(node, 1)

    answer = await node.client.get(
        f"{API}/attempts/{attempt}/recording{path}", headers=await node.bearer(role)
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["", "/pictures?after=0&limit=9"])
async def test_nobody_plays_themselves_nor_who_they_mark_blindly(node: Node, path: str) -> None:
    attempt, student, _ = await recorded(node, 1)
    grader = new_id()
    url = f"{API}/attempts/{attempt}/recording{path}"
    own = await node.client.get(url, headers=headers(await node.token(student, Role.STUDENT, Role.REVIEWER)))
    both = headers(await node.token(grader, Role.GRADER, Role.REVIEWER))
    before = await node.client.get(url, headers=both)
    review = essay_of(attempt, grader)
    async with node.databases.corrections.write() as session:
        session.add(review)
    marking = await node.client.get(url, headers=both)
    frames = await node.client.get(f"{API}/attempts/{attempt}/frames", headers=both)

    assert own.status_code in {403, 404}
    assert before.status_code != 403
    assert (marking.status_code, frames.status_code) == (403, 403)
    assert "marking an essay" in marking.json()["detail"]


def essay_of(attempt_id: UUID, grader_id: UUID) -> ReviewRow:
    now = datetime.now(UTC)
    return ReviewRow(
        review_id=new_id(),
        attempt_id=attempt_id,
        exam_id=new_id(),
        organisation_id=DEFAULT_ORGANISATION,
        kind="essay",
        subject="a question",
        round_number=1,
        stage="assigned",
        excluded=[],
        opened_at=now,
        remind_at=now,
        escalate_at=now,
        assignee_id=grader_id,
        version=1,
    )
