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


async def test_one_that_nobody_can_watch_silences_nothing_about_the_others() -> None:
    desk, source = Desk(RecordingSender()), Waiting()
    admin = desk.person("ada", "admin")
    loop = LagLoop(source, desk.activities, now=desk.clock)
    told: list[int] = []

    async def later(*begin_to_wait: UUID) -> None:
        source.since |= dict.fromkeys(begin_to_wait, desk.clock())
        for _ in range(3):
            desk.clock.move(11 * SECOND)
            await loop.step()
        told.append(len(desk.kinds_of(admin)))

    await later(new_id())
    await later()
    three = [new_id() for _ in range(3)]
    await later(*three)
    await later(new_id())  # one beside four
    for each in three:
        del source.since[each]
    await later()  # one beside one
    await later(*three)

    assert told == [1, 1, 2, 2, 3, 4]
