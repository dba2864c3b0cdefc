"""ServiceBook and OutageBook: gaps between marks, what attempts lost by them, and how that is settled."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from activities import ports
from schema.attempt import Phase, Verb
from schema.ids import new_id
from schema.lifecycle import AttemptState, Step
from schema.outage.interval import Interval
from schema.outage.mark import ServiceMark
from schema.outage.returned import TimeReturned
from schema.outage.service import Cause, Component, Rules
from schema.task import HoldSeat
from tests.contracts.builder import NOON, SECOND, a_hold, a_projection, a_slot, a_step
from tests.contracts.world import World

RULES = Rules(tolerance=3 * SECOND, failover=timedelta(minutes=10))


@dataclass
class Scene:
    """Marks at chosen times, and attempts that started at noon."""

    world: World
    now: datetime = NOON
    boot: float = 1_000.0
    holds: dict[UUID, HoldSeat] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)

    @property
    def service(self) -> ports.ServiceBook:
        return self.world.service_book(RULES.tolerance, lambda: self.now, lambda: self.boot)

    @property
    def book(self) -> ports.OutageBook:
        return self.world.outage_book(RULES)

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

    async def seat(self) -> UUID:
        """Its seat is held since noon."""
        slot = a_slot()
        hold = a_hold(slot)
        await self.world.add_slot(slot)
        await self.world.books.seats.hold(hold)
        self.holds[hold.attempt.attempt_id] = hold
        return hold.attempt.attempt_id

    async def attempt(self, phase: Phase = Phase.IN_PROGRESS, ended: float | None = None) -> UUID:
        """In progress since noon, or handed in at `ended`."""
        attempt_id = await self.seat()
        await self.moves(attempt_id, (Verb.START, phase, 0), ended=ended)
        return attempt_id

    async def moves(
        self,
        attempt_id: UUID,
        *moves: tuple[Verb, Phase, float],
        ended: float | None = None,
        started: bool = True,
        **state: Any,
    ) -> None:
        """Project moves (what, to where, at which second); `state` is what its workflow knows beside them."""
        version = self.versions.get(attempt_id, 0)
        steps = [
            a_step(version + number, verb, target).model_copy(update={"at": NOON + second * SECOND})
            for number, (verb, target, second) in enumerate(moves, 1)
        ]
        await self.project(attempt_id, steps, ended, started=started, **state)

    async def project(
        self,
        attempt_id: UUID,
        steps: Sequence[Step],
        ended: float | None = None,
        *,
        started: bool = True,
        **state: Any,
    ) -> None:
        hold, base = self.holds[attempt_id], self.versions.get(attempt_id, 0)
        made = a_projection(hold, *steps)
        clock = made.clock.start(NOON) if started else made.clock
        known = AttemptState(
            phase=made.view.phase, slot=hold.attempt.slot, clock=clock, hold_until=hold.hold_until, **state
        )
        submitted_at = None if ended is None else NOON + ended * SECOND
        changes = {
            "view": made.view.model_copy(update={"submitted_at": submitted_at}),
            "clock": clock,
            "base": base,
            "snapshot": hold.attempt.model_copy(update={"resumed": known}),
        }
        await self.world.books.attempts.project(made.model_copy(update=changes))
        self.versions[attempt_id] = made.view.version

    async def losses(self) -> dict[UUID, list[tuple[float, float]]]:
        found: dict[UUID, list[tuple[float, float]]] = {}
        for loss in await self.book.owed():
            start, end = [(one - NOON).total_seconds() for one in (loss.silence.start, loss.silence.end)]
            found.setdefault(loss.attempt_id, []).append((start, end))
        return found


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


async def outages(scene: Scene) -> list[tuple[float, float, str]]:
    return [
        ((one.start - NOON).total_seconds(), (one.end - NOON).total_seconds(), cause)
        for one, cause in await scene.world.outages()
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
    earlier = await scene.attempt(Phase.SUBMITTED, ended=5)
    during = await scene.attempt(Phase.SUBMITTED, ended=15)
    reserved = await scene.seat()
    await scene.moves(reserved, (Verb.CONFIRM, Phase.RESERVED, 1), started=False)
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
    await scene.moves(attempt_id, (Verb.PAUSE, Phase.PAUSED, 8), (Verb.RESUME, Phase.IN_PROGRESS, 12))
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


async def test_what_a_node_took_that_never_returns_is_found_once_another_one_comes(scene: Scene) -> None:
    attempt_id = await scene.attempt()
    book = scene.world.outage_book(RULES)
    await scene.mark(0)
    looks = [await book.record(scene.at(second)) for second in (10, 700, 702)]

    await scene.mark(900, "another")
    looks.append(await book.record(scene.at(901)))
    looks.append(await book.record(scene.at(903)))

    assert looks == [0, 0, 0, 1, 0]
    assert await scene.losses() == {attempt_id: [(0, 900)]}


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

    await scene.project(attempt_id, [step])
    await scene.project(attempt_id, [step])
    await scene.book.refuse(loss, "too late", scene.now)

    assert await scene.world.owed() == [("given", 20, 5, "the slot ends")]
    assert list(await scene.book.owed()) == []


async def test_what_cannot_be_given_any_more_is_refused_with_its_reason(scene: Scene) -> None:
    await scene.attempt(Phase.SUBMITTED, ended=15)
    await scene.mark(0)
    await scene.mark(20)
    await scene.book.record(scene.at(21))
    (loss,) = await scene.book.owed()

    await scene.book.refuse(loss, "handed in before", scene.now)

    assert await scene.world.owed() == [("refused", 15, 0, "handed in before")]
    assert list(await scene.book.owed()) == []


async def test_what_was_refused_is_owed_again_once_the_attempt_is_reopened(scene: Scene) -> None:
    attempt_id = await scene.attempt(Phase.SUBMITTED, ended=15)
    await scene.mark(0)
    await scene.mark(20)
    await scene.book.record(scene.at(21))
    (loss,) = await scene.book.owed()
    await scene.book.refuse(loss, "handed in before", scene.now)
    await scene.moves(attempt_id, (Verb.SUBMIT, Phase.SUBMITTED, 15), (Verb.REOPEN, Phase.IN_PROGRESS, 60))
    await scene.mark(22)
    await scene.mark(70)  # away from before it was reopened

    await scene.book.record(scene.at(71))

    assert await scene.losses() == {attempt_id: [(0, 15), (60, 70)]}


async def test_what_a_hold_lost_is_owed_to_it(scene: Scene) -> None:
    attempt_id = await scene.seat()
    for second in (0, 3, 60.5, 62):
        await scene.mark(second)

    await scene.book.record(scene.at(63))
    again = await scene.book.record(scene.at(64), attempt_id)

    (loss,) = await scene.book.owed()
    assert (loss.attempt_id, loss.is_wait, again) == (attempt_id, True, 0)
    assert await scene.losses() == {attempt_id: [(3, 61)]}


async def test_of_hours_only_the_time_counts_in_which_its_timer_waited(scene: Scene) -> None:
    """The slot begins an hour after noon; the check-in opens half an hour before."""
    early, late, paused = [await scene.seat() for _ in range(3)]
    for attempt_id in (early, late):
        await scene.moves(attempt_id, (Verb.CONFIRM, Phase.RESERVED, 1), started=False)
    await scene.moves(
        paused,
        (Verb.START, Phase.IN_PROGRESS, 0),
        (Verb.PAUSE, Phase.PAUSED, 30),
        stopped_since=NOON + 30 * SECOND,
    )
    hours = 6 * 3_600
    await scene.mark(0)
    await scene.mark(60)  # away for a minute, long before the check-in opens
    for second in (62, 62 + hours):
        await scene.mark(second)

    await scene.book.record(scene.at(64 + hours))

    opens = 3_600 - 1_800
    assert await scene.losses() == {
        early: [(opens, 62 + hours)],
        late: [(opens, 62 + hours)],
        paused: [(0, 30), (30, 60), (62, 62 + hours)],
    }


async def test_what_a_timer_lost_is_not_owed_again_once_it_was_refused(scene: Scene) -> None:
    attempt_id = await scene.seat()
    await scene.mark(0)
    await scene.mark(20)
    await scene.book.record(scene.at(21))
    (loss,) = await scene.book.owed()

    await scene.book.refuse(loss, "it waits no more", scene.now)
    await scene.moves(attempt_id, (Verb.START, Phase.IN_PROGRESS, 22))

    assert list(await scene.book.owed()) == []
