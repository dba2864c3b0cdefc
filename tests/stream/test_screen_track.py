"""Pictures of a screen: a track of their own in the same stream, taken only where the exam asks for them."""

from datetime import timedelta
from uuid import UUID

import pytest

from schema import pack
from schema.failures import FailureType
from schema.record import Record, RecordKind
from schema.role import Role
from schema.stream import Refused, Track
from tests.stream.browser import jpeg
from tests.stream.node import Node

API = "/api/monitoring"
EVERY = timedelta(seconds=5)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def node(shared_node: Node) -> Node:
    return shared_node


async def both_tracks(node: Node) -> tuple[UUID, list[Record]]:
    """An attempt with three frames, and two pictures of the screen between them."""
    attempt, student = await node.open_attempt(screen=EVERY)
    async with node.browser(attempt, student) as browser:
        for seq in range(1, 6):
            track = Track.CAMERA if seq % 2 else Track.SCREEN
            await browser.send_frame(seq, jpeg(seq), track=track)
            await browser.acks(1)
        records = list(await node.records(attempt))
    return attempt, records


def bodies(records: list[Record], kind: RecordKind) -> list[bytes]:
    return [record.body for record in records if record.kind is kind]


async def test_a_ticket_says_whether_the_screen_is_asked_for(node: Node) -> None:
    given = []
    for screen in (EVERY, None):
        attempt, student = await node.open_attempt(screen=screen)
        own = {"Authorization": f"Bearer {await node.token(student, Role.STUDENT)}"}
        answer = await node.client.post(f"{API}/attempts/{attempt}/stream-ticket", headers=own)
        given.append(answer.json()["screen_interval_ms"])

    assert given == [5000, None]


async def test_a_screen_nobody_asked_for_is_refused_and_not_kept(node: Node) -> None:
    attempt, student = await node.open_attempt()
    async with node.browser(attempt, student) as browser:
        await browser.send_frame(1, track=Track.SCREEN)
        refused = await browser.hear(Refused)
        await browser.send_frame(2)
        await browser.acks(1)
        records = list(await node.records(attempt))

    assert (refused.seq, refused.reason) == (1, FailureType.FORBIDDEN)
    assert bodies(records, RecordKind.SCREEN) == []


async def test_more_screens_than_were_asked_for_are_put_off(node: Node) -> None:
    attempt, student = await node.open_attempt(screen=timedelta(minutes=1))
    async with node.browser(attempt, student) as browser:
        for seq in range(1, 4):
            await browser.send_frame(seq, jpeg(seq), track=Track.SCREEN)
        await browser.acks(3)
        for seq in (4, 5):
            await browser.send_frame(seq, jpeg(seq), track=Track.SCREEN)
        refused = [await browser.hear(Refused) for _ in range(2)]
        records = list(await node.records(attempt))

    assert {one.reason for one in refused} == {FailureType.TOO_MANY}
    assert len(bodies(records, RecordKind.SCREEN)) == 3


async def test_a_track_that_does_not_exist_is_refused(node: Node) -> None:
    attempt, student = await node.open_attempt(screen=EVERY)
    async with node.browser(attempt, student) as browser:
        message = bytearray(28) + jpeg(1)
        message[:16], message[19], message[20] = browser.stream_id.bytes, 1, 2
        await browser.socket.send(bytes(message))

        assert (await browser.hear(Refused)).reason is FailureType.INVALID


async def test_each_track_is_seen_and_played_by_itself(node: Node) -> None:
    attempt, records = await both_tracks(node)
    reviewer = await node.bearer(Role.REVIEWER)
    url = f"{API}/attempts/{attempt}"
    for track, kind in (("camera", RecordKind.FRAME), ("screen", RecordKind.SCREEN)):
        of_track = {"track": track}
        latest = await node.client.get(f"{url}/frames/latest", params=of_track, headers=reviewer)
        film = (await node.client.get(f"{url}/recording", params=of_track, headers=reviewer)).json()
        (part,) = film["parts"]
        asked = {**of_track, "after": part["after"], "limit": part["limit"]}
        pictures = await node.client.get(f"{url}/recording/pictures", params=asked, headers=reviewer)

        wanted = bodies(records, kind)
        assert latest.content == wanted[-1]
        assert [record.body for record in pack.decode_records(pictures.content)] == wanted
        assert len(film["frames"]) == len(wanted)


async def test_frames_of_the_camera_alone_are_counted(node: Node) -> None:
    attempt, records = await both_tracks(node)

    listed = await node.client.get(
        f"{API}/attempts/{attempt}/frames", headers=await node.bearer(Role.PROCTOR)
    )

    assert len(bodies(records, RecordKind.SCREEN)) == 2
    assert len(listed.json()["items"]) == 3
