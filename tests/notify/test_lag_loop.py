"""Detection that is behind: administrators are told once each time, with since when and of how many."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from activities.lag.loop import CALM, LagLoop
from schema.ids import new_id
from tests.notify.desk import BEGIN, Desk, RecordingSender

SECOND = timedelta(seconds=1)


class Waiting:
    """A LagSource: since when the oldest record of each attempt waits."""

    def __init__(self) -> None:
        self.since: dict[UUID, datetime] = {}

    async def lags(
        self, now: datetime, attempt_ids: Collection[UUID] | None = None
    ) -> Mapping[UUID, timedelta]:
        """See LagSource."""
        return {attempt_id: now - since for attempt_id, since in self.since.items()}


async def test_administrators_are_told_above_ten_seconds_once_each_time() -> None:
    desk, source = Desk(RecordingSender()), Waiting()
    admin, proctor = desk.person("ada", "admin"), desk.person("pat", "proctor")
    loop, another = (LagLoop(source, desk.activities, now=desk.clock) for _ in range(2))
    source.since = {new_id(): BEGIN, new_id(): BEGIN + 2 * SECOND}

    desk.clock.move(10 * SECOND)
    await loop.step()
    before = desk.kinds_of(admin)
    desk.clock.move(SECOND)
    for each in (loop, another, loop):
        await each.step()
    once = desk.kinds_of(admin)
    source.since = {}
    for _ in range(2):
        await loop.step()
        desk.clock.move(CALM)
    await loop.step()
    source.since = {new_id(): desk.clock()}
    desk.clock.move(11 * SECOND)
    await loop.step()

    assert before == []
    assert once == ["detection_behind"]
    assert desk.kinds_of(admin) == ["detection_behind"] * 2
    assert desk.kinds_of(proctor) == []
