"""AttemptBook: every move once, in order, with its events; older projections change nothing."""

import asyncio

import pytest

from schema.attempt import Phase, Verb
from schema.conduct import new_state
from schema.events import Source, Topic
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.lifecycle import AttemptProjection, Step
from schema.task import HoldSeat
from tests.contracts.builder import NOON, SECOND, a_hold, a_projection, a_slot, a_step
from tests.contracts.world import World, told, topics

CONFIRM = a_step(1, Verb.CONFIRM, Phase.RESERVED)
CHECK_IN = a_step(2, Verb.BEGIN_CHECK_IN, Phase.CHECKING_IN, Phase.RESERVED)


@pytest.fixture
async def hold(world: World) -> HoldSeat:
    slot = a_slot()
    await world.add_slot(slot)
    hold = a_hold(slot)
    await world.books.seats.hold(hold)
    return hold


async def test_a_confirmed_reservation_is_scheduled(world: World, hold: HoldSeat) -> None:
    await world.books.attempts.project(a_projection(hold, CONFIRM))

    assert await topics(world, Source.RESERVATIONS) == [
        "attempt_changed",
        "attempt_changed",
        "exam_scheduled",
    ]
    scheduled = (await told(world, Source.RESERVATIONS))[-1]
    assert scheduled.data["slot_id"] == str(hold.attempt.slot.slot_id)
    assert scheduled.occurred_at == NOON + SECOND


async def test_the_same_projection_again_tells_nothing_new(world: World, hold: HoldSeat) -> None:
    projection = a_projection(hold, CONFIRM)

    await asyncio.gather(*[world.books.attempts.project(projection) for _ in range(3)])

    assert len(await told(world, Source.RESERVATIONS)) == 3


async def test_steps_that_come_again_with_newer_ones_are_written_once(world: World, hold: HoldSeat) -> None:
    await world.books.attempts.project(a_projection(hold, CONFIRM))

    await world.books.attempts.project(a_projection(hold, CONFIRM, CHECK_IN))

    changes = [e for e in await told(world, Source.RESERVATIONS) if e.type is Topic.ATTEMPT_CHANGED]
    assert [event.data["verb"] for event in changes] == ["reserve", "confirm", "begin_check_in"]


async def test_an_older_projection_is_ignored(world: World, hold: HoldSeat) -> None:
    await world.books.attempts.project(a_projection(hold, CONFIRM, CHECK_IN))
    before = await told(world, Source.RESERVATIONS)

    await world.books.attempts.project(a_projection(hold, a_step(1, Verb.CANCEL, Phase.CANCELLED)))

    assert await told(world, Source.RESERVATIONS) == before


@pytest.mark.parametrize("phase", [Phase.CANCELLED, Phase.EXPIRED, Phase.NO_SHOW, Phase.VOIDED])
async def test_a_reservation_given_up_is_cancelled(world: World, hold: HoldSeat, phase: Phase) -> None:
    step = a_step(1, Verb.CANCEL, phase, reason="ill")

    await world.books.attempts.project(a_projection(hold, step))

    cancelled = (await told(world, Source.RESERVATIONS))[-1]
    assert (cancelled.type, cancelled.data) == (Topic.EXAM_CANCELLED, {"phase": phase.value, "reason": "ill"})


async def test_handing_in_is_told_with_its_time_and_actor(world: World, hold: HoldSeat) -> None:
    step = a_step(5, Verb.SUBMIT, Phase.SUBMITTED, Phase.IN_PROGRESS)

    await world.books.attempts.project(a_projection(hold, step))

    submitted = (await told(world, Source.RESERVATIONS))[-1]
    assert submitted.type is Topic.EXAM_SUBMITTED
    assert submitted.data == {"submitted_at": "2026-11-22T12:00:05Z", "by": "student", "answered": None}


async def test_an_attempt_without_a_row_is_not_found(world: World) -> None:
    slot = a_slot()
    await world.add_slot(slot)

    with pytest.raises(Failure) as refused:
        await world.books.attempts.project(a_projection(a_hold(slot), CONFIRM))

    assert refused.value.type is FailureType.NOT_FOUND


async def test_exams_are_told_of_attempts_in_the_phases_asked_for(world: World, hold: HoldSeat) -> None:
    attempt, stranger = hold.attempt, new_id()
    await world.books.attempts.project(a_projection(hold, CONFIRM, CHECK_IN))

    asked = [
        await world.books.index.exams_of([attempt.attempt_id, stranger], phases)
        for phases in ({Phase.CHECKING_IN, Phase.PAUSED}, {Phase.RESERVED}, set())
    ]

    assert asked == [{attempt.attempt_id: attempt.exam_id}, {}, {}]


async def test_a_reopened_attempt_is_its_students_active_one_again(world: World) -> None:
    slot = a_slot(seats=3)
    await world.add_slot(slot)
    hold = a_hold(slot)
    await world.books.seats.hold(hold)
    start = a_step(1, Verb.START, Phase.IN_PROGRESS, Phase.ADMITTED)
    submit = a_step(2, Verb.SUBMIT, Phase.SUBMITTED, Phase.IN_PROGRESS)
    reopen = a_step(3, Verb.REOPEN, Phase.IN_PROGRESS, Phase.SUBMITTED)
    for steps in ((start,), (start, submit), (start, submit, reopen)):
        await world.books.attempts.project(a_projection(hold, *steps))

    with pytest.raises(Failure) as refused:
        await world.books.seats.hold(a_hold(slot, hold.attempt.student_id))

    assert refused.value.type is FailureType.ALREADY_RESERVED


def known(hold: HoldSeat, *steps: Step, base: int, generation: int = 0, risk: float = 0) -> AttemptProjection:
    """A projection with its snapshot, as a workflow sends it that knows `base` as written."""
    projection = a_projection(hold, *steps, risk=risk)
    resumed = new_state(hold.attempt, NOON)
    resumed.version, resumed.phase, resumed.risk = projection.view.version, projection.view.phase, risk
    snapshot = hold.attempt.model_copy(update={"resumed": resumed, "generation": generation})
    return projection.model_copy(update={"base": base, "generation": generation, "snapshot": snapshot})


async def test_a_workflow_that_was_put_back_writes_nothing(world: World, hold: HoldSeat) -> None:
    await world.books.attempts.project(known(hold, CONFIRM, base=0))
    await world.books.attempts.project(known(hold, CHECK_IN, base=1))
    before = await told(world, Source.RESERVATIONS)
    other = a_step(2, Verb.CANCEL, Phase.CANCELLED, Phase.RESERVED)
    later = a_step(3, Verb.CANCEL, Phase.CANCELLED, Phase.RESERVED)

    for projection in (known(hold, other, base=1), known(hold, later, base=1)):
        with pytest.raises(Failure) as refused:
            await world.books.attempts.project(projection)
        assert refused.value.type is FailureType.CONFLICT

    assert await told(world, Source.RESERVATIONS) == before


async def test_the_next_generation_goes_on_and_the_one_before_it_cannot(world: World, hold: HoldSeat) -> None:
    await world.books.attempts.project(known(hold, CONFIRM, base=0))
    await world.books.attempts.project(known(hold, CHECK_IN, base=1, generation=1))

    with pytest.raises(Failure) as refused:
        await world.books.attempts.project(
            known(hold, a_step(9, Verb.CANCEL, Phase.CANCELLED, Phase.RESERVED), base=1)
        )

    assert refused.value.type is FailureType.CONFLICT
    changes = [e for e in await told(world, Source.RESERVATIONS) if e.type is Topic.ATTEMPT_CHANGED]
    assert [event.data["verb"] for event in changes] == ["reserve", "confirm", "begin_check_in"]


async def test_the_same_projection_with_its_snapshot_again_is_known(world: World, hold: HoldSeat) -> None:
    for _ in range(2):
        await world.books.attempts.project(known(hold, CONFIRM, base=0))

    assert len(await told(world, Source.RESERVATIONS)) == 3
