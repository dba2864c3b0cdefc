"""What the system's state tells of frames and mails on their way, and its pages in Temporal."""

from datetime import datetime, timedelta

from schema.db.tables.monitoring import AttemptFeed, SegmentRow, WatchCheckpoint
from schema.db.tables.notifications import MailRow
from schema.ids import new_id
from schema.role import Role
from schema.segment import SegmentState
from tests.api.house import House

URL = "/api/analytics/system"


async def seen(house: House, waiting_since: datetime | None, *, is_watched: bool, offset: int = 1) -> None:
    """An attempt's stream of two records, and how far its analysis has come."""
    attempt_id = new_id()
    feed = AttemptFeed(attempt_id=attempt_id, organisation_id=new_id(), exam_id=new_id())
    feed.student_id, feed.last_record_at, feed.last_offset = new_id(), waiting_since, 2
    feed.waiting_since, feed.waiting_offset = waiting_since, 2
    async with house.context.databases.monitoring.write() as session:
        session.add(feed)
        if is_watched:
            point = WatchCheckpoint(attempt_id=attempt_id, lease_epoch=1, owner="w", offset=offset)
            point.updated_at = house.clock()
            session.add(point)


async def test_nothing_waits_at_first(house: House) -> None:
    admin = await house.person(Role.ADMIN)

    found = (await house.client.get(URL, headers=admin.headers)).json()

    assert found["backlog"] == {
        "watching": {"watched": 0, "unwatched": 0, "behind_seconds": 0.0, "behind": 0},
        "segments": {"waiting": 0, "oldest_at": None},
        "letters": {"waiting": 0, "oldest_at": None, "refused": 0},
    }
    root = "http://localhost:8233/namespaces/proctorwise"
    assert found["temporal"]["queues"]["proctor-ml"] == f"{root}/task-queues/proctor-ml"
    assert found["temporal"]["workflows"]["AttemptWorkflow"].startswith(f"{root}/workflows?query=")


async def test_lag_those_whom_nobody_watches_and_what_waits(house: House) -> None:
    admin, now = await house.person(Role.ADMIN), house.clock()
    await seen(house, now - timedelta(seconds=42), is_watched=True)
    await seen(house, now - timedelta(seconds=90), is_watched=True, offset=2)  # all is analysed
    await seen(house, now - timedelta(seconds=5), is_watched=False)
    held = await house.context.mails.enlist(admin.person_id, "x:2", "reset_password", {})
    async with house.context.databases.notifications.write() as session:  # nothing sends it by itself
        (await session.get_one(MailRow, held.mail_id)).held_at = now
    await house.context.mails.enlist(admin.person_id, "x:1", "reset_password", {})
    row = SegmentRow(segment_id=new_id(), attempt_id=new_id(), node_id="node-1", first_offset=0)
    row.state, row.created_at, row.sealed_at = SegmentState.SEALED, now, now - timedelta(minutes=3)
    async with house.context.databases.monitoring.write() as session:
        session.add(row)

    found = (await house.client.get(URL, headers=admin.headers)).json()["backlog"]

    assert found["watching"] == {"watched": 2, "unwatched": 1, "behind_seconds": 42.0, "behind": 1}
    assert found["segments"] == {"waiting": 1, "oldest_at": "2027-01-11T08:57:00Z"}
    assert found["letters"]["waiting"] == 1
