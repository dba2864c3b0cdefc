"""ServiceBook and OutageBook: gaps between marks, what attempts lost by them, and how that is settled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from activities.adapters.sql.attempt_book import SqlAttemptBook
from activities.adapters.sql.outage_book import SqlOutageBook
from activities.adapters.sql.seat_book import SqlSeatBook
from activities.adapters.sql.service_book import SqlServiceBook
from schema.attempt import Phase, Verb
from schema.db.session import Databases
from schema.db.tables.outage import OutageRow, OwedTime
from schema.db.tables.reservations import AttemptMove, AttemptRow, SlotRow
from schema.ids import new_id
from schema.lifecycle import Step
from schema.outage.interval import Interval
from schema.outage.mark import ServiceMark
from schema.outage.returned import TimeReturned
from schema.outage.service import Cause, Component, Rules
from tests.contracts.builder import NOON, SECOND, a_hold, a_projection, a_slot, a_step

RULES = Rules(tolerance=3 * SECOND, failover=timedelta(minutes=10))


@dataclass
class Scene:
    """Marks at chosen times, and attempts that started at noon."""

    databases: Databases
    now: datetime = NOON
    boot: float = 1_000.0

    @property
    def service(self) -> SqlServiceBook:
        return SqlServiceBook(
            self.databases.reservations, RULES.tolerance, lambda: self.now, lambda: self.boot
        )

    @property
    def book(self) -> SqlOutageBook:
        return SqlOutageBook(self.databases.reservations, RULES)

    def at(self, second: float) -> datetime:
        self.now, self.boot = NOON + second * SECOND, 1_000.0 + second
        return self.now

    async def mark(
        self,
        second: float,
        node_id: str = "one",
        component: Component = Component.ANSWERS,
        marked_at_boot: float | None = None,
        cause: Cause = Cause.PROCESS,
    ) -> None:
        self.at(second)
        mark = ServiceMark(component=component, node_id=node_id, marked_at_boot=marked_at_boot, cause=cause)
        await self.service.mark([mark])

    async def attempt(self, **changes: object) -> UUID:
        """In progress since noon."""
        slot = a_slot()
        hold = a_hold(slot)
        async with self.databases.reservations.write() as session:
            session.add(SlotRow(**dict(slot), created_at=NOON))
        await SqlSeatBook(self.databases.reservations).hold(hold)
        attempt_id = hold.attempt.attempt_id
        async with self.databases.reservations.write() as session:
            row = await session.get_one(AttemptRow, attempt_id)
            row.phase, row.started_at = Phase.IN_PROGRESS.value, NOON
            for name, value in changes.items():
                setattr(row, name, value)
        return attempt_id

    async def losses(self) -> dict[UUID, list[tuple[float, float]]]:
        found: dict[UUID, list[tuple[float, float]]] = {}
        for loss in await self.book.owed():
            start, end = [(one - NOON).total_seconds() for one in (loss.silence.start, loss.silence.end)]
            found.setdefault(loss.attempt_id, []).append((start, end))
        return found


@pytest.fixture
def scene(databases: Databases) -> Scene:
    return Scene(databases)


async def outages(scene: Scene) -> list[tuple[float, float, str]]:
    async with scene.databases.reservations.read() as session:
        rows = list(await session.scalars(select(OutageRow).order_by(OutageRow.began_at)))
    return [
        ((row.began_at - NOON).total_seconds(), (row.ended_at - NOON).total_seconds(), row.cause)
        for row in rows
    ]


async def test_a_gap_that_is_longer_than_tolerated_is_an_outage(scene: Scene) -> None:
    for second in (0, 1, 4, 20):
        await scene.mark(second, cause=Cause.DATABASE)

    assert await outages(scene) == [(4, 20, "database")]


async def test_a_clock_that_is_set_is_no_outage_and_hides_none(scene: Scene) -> None:
    await scene.mark(0)
    scene.at(1)
    await scene.mark(3_600, marked_at_boot=4_599.0)  # an hour forward, one second after the last mark
    await scene.mark(1_000, marked_at_boot=1_980.0)  # set back; it had been silent for 20 s

    assert await outages(scene) == [(980, 1_000, "process")]


async def test_what_was_lost_is_recorded_once_for_those_under_way(scene: Scene) -> None:
    sitting = await scene.attempt()
    earlier = await scene.attempt(phase=Phase.SUBMITTED.value, submitted_at=NOON + 5 * SECOND)
    during = await scene.attempt(phase=Phase.SUBMITTED.value, submitted_at=NOON + 15 * SECOND)
    reserved = await scene.attempt(phase=Phase.RESERVED.value, started_at=None)
    for second in (0, 3, 20.5, 21):
        await scene.mark(second)

    first = await scene.book.record(scene.at(22))
    second_time = await scene.book.record(scene.at(23))

    assert (first, second_time) == (3, 0)
    assert await scene.losses() == {sitting: [(3, 21)], earlier: [(3, 5)], during: [(3, 15)]}
    assert reserved not in await scene.losses()


async def test_overlapping_outages_of_two_parts_are_recorded_once(scene: Scene) -> None:
    attempt_id = await scene.attempt()
    await scene.mark(0)
    await scene.mark(0, "w", Component.LIFECYCLE)
    await scene.mark(20)  # answers were away from 0 to 20, the workers still are

    while_away = await scene.book.record(scene.at(21))
    await scene.mark(30, "w", Component.LIFECYCLE, cause=Cause.TEMPORAL)
    for second in range(22, 32, 2):
        await scene.mark(second)
    await scene.book.record(scene.at(31))

    assert while_away == 0  # the silence is not over
    assert await scene.losses() == {attempt_id: [(0, 30)]}
    (loss,) = await scene.book.owed(attempt_id)
    assert loss.cause == "process, temporal"


async def test_a_pause_is_not_lost_twice(scene: Scene) -> None:
    attempt_id = await scene.attempt()
    moves = ((2, Verb.PAUSE, 8), (3, Verb.RESUME, 12))
    async with scene.databases.reservations.write() as session:
        session.add_all([move(attempt_id, number, verb, second) for number, verb, second in moves])
    await scene.mark(0)
    await scene.mark(4)
    await scene.mark(20)

    await scene.book.record(scene.at(20.5))

    assert await scene.losses() == {attempt_id: [(0, 8), (12, 20)]}


async def test_an_attempt_at_another_node_lost_nothing(scene: Scene) -> None:
    here, there, moved = [await scene.attempt() for _ in range(3)]
    for node, stays in {
        "one": {here: (0, 9), moved: (0, 8)},
        "two": {there: (0, 40), moved: (15, 40)},
    }.items():
        seen = {
            who: Interval(start=NOON + since * SECOND, end=NOON + until * SECOND)
            for who, (since, until) in stays.items()
        }
        await scene.service.stay(node, seen)
    for second in range(0, 41, 2):
        await scene.mark(second, "two")
        if not 10 < second < 30:
            await scene.mark(second, "one")

    await scene.book.record(scene.at(40.5))

    assert await scene.losses() == {here: [(10, 30)], moved: [(10, 15)]}


async def test_a_deadline_is_settled_once_somebody_has_served_since(scene: Scene) -> None:
    attempt_id = await scene.attempt()
    await scene.mark(0)

    answers = [await scene.book.is_settled(attempt_id, NOON + 10 * SECOND, scene.at(11))]
    await scene.mark(12)
    answers.append(await scene.book.is_settled(attempt_id, NOON + 10 * SECOND, scene.at(12.5)))
    answers.append(await scene.book.is_settled(attempt_id, NOON + 10 * SECOND, scene.at(40)))

    assert answers == [False, True, False]
    assert await scene.book.is_settled(new_id(), NOON, scene.at(40))


async def test_the_move_that_gives_back_settles_the_loss(scene: Scene) -> None:
    attempt_id = await scene.attempt()
    await scene.mark(0)
    await scene.mark(20)
    await scene.book.record(scene.at(21))
    (loss,) = await scene.book.owed()
    returned = TimeReturned(
        began_at=loss.silence.start, lost=20 * SECOND, added=5 * SECOND, why_less="the slot ends"
    )
    step = a_step(7, Verb.RETURN_TIME, Phase.IN_PROGRESS).model_copy(update={"returned": returned})

    await project(scene, attempt_id, step)
    await project(scene, attempt_id, step)
    await scene.book.refuse(loss, "too late", scene.now)

    async with scene.databases.reservations.read() as session:
        (row,) = list(await session.scalars(select(OwedTime)))
    assert (row.state, row.lost_seconds, row.added_seconds) == ("given", 20, 5)
    assert row.why_less == "the slot ends"
    assert list(await scene.book.owed()) == []


async def test_what_cannot_be_given_any_more_is_refused_with_its_reason(scene: Scene) -> None:
    await scene.attempt(phase=Phase.SUBMITTED.value, submitted_at=NOON + 15 * SECOND)
    await scene.mark(0)
    await scene.mark(20)
    await scene.book.record(scene.at(21))
    (loss,) = await scene.book.owed()

    await scene.book.refuse(loss, "handed in before", scene.now)

    async with scene.databases.reservations.read() as session:
        (row,) = list(await session.scalars(select(OwedTime)))
    assert (row.state, row.lost_seconds, row.added_seconds) == ("refused", 15, 0)
    assert row.why_less == "handed in before"
    assert list(await scene.book.owed()) == []


async def test_what_was_refused_is_owed_again_once_the_attempt_is_reopened(scene: Scene) -> None:
    attempt_id = await scene.attempt(phase=Phase.SUBMITTED.value, submitted_at=NOON + 15 * SECOND)
    await scene.mark(0)
    await scene.mark(20)
    await scene.book.record(scene.at(21))
    (loss,) = await scene.book.owed()
    await scene.book.refuse(loss, "handed in before", scene.now)
    moves = ((2, Verb.SUBMIT, 15), (3, Verb.REOPEN, 60))
    async with scene.databases.reservations.write() as session:
        session.add_all([move(attempt_id, number, verb, second) for number, verb, second in moves])
        row = await session.get_one(AttemptRow, attempt_id)
        row.phase, row.submitted_at = Phase.IN_PROGRESS.value, None
    await scene.mark(22)
    await scene.mark(70)  # away from before it was reopened

    await scene.book.record(scene.at(71))

    assert await scene.losses() == {attempt_id: [(0, 15), (60, 70)]}


def move(attempt_id: UUID, number: int, verb: Verb, second: float) -> AttemptMove:
    return AttemptMove(
        attempt_id=attempt_id,
        version=number,
        machine="attempt",
        source=Phase.IN_PROGRESS.value,
        verb=verb.value,
        target=Phase.PAUSED.value,
        actor_role="proctor",
        reason="",
        at=NOON + second * SECOND,
    )


async def project(scene: Scene, attempt_id: UUID, step: Step) -> None:
    hold = a_hold(a_slot())
    attempt = hold.attempt.model_copy(update={"attempt_id": attempt_id})
    async with scene.databases.reservations.read() as session:
        slot_id = (await session.get_one(AttemptRow, attempt_id)).slot_id
    projection = a_projection(hold.model_copy(update={"attempt": attempt}), step, slot_id=slot_id)
    await SqlAttemptBook(scene.databases.reservations).project(projection)
