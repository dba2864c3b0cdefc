"""AnswerBook and WindowBook: the fence of answers, judged by the projected clock."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from schema.aftermath.late import AcceptedLate, LateRevision
from schema.attempt import Phase
from schema.failures import Failure, FailureType
from schema.fence import MOST_LATE
from schema.grading import Answer, AnswerStanding
from schema.ids import new_id
from schema.lifecycle import WindowProjection
from tests.contracts.builder import HOUR, NOON, SECOND, a_window, an_answer
from tests.contracts.world import World

DEADLINE = NOON + HOUR
MINUTE = timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)


async def opened(world: World, **changes: object) -> UUID:
    attempt_id = new_id()
    await world.books.windows.project(a_window(attempt_id, 1, **changes))
    return attempt_id


async def refusal(world: World, answer: Answer) -> Failure:
    with pytest.raises(Failure) as refused:
        await world.books.answers.save(answer)
    assert answer.value not in [kept.value for kept in await world.books.answers.snapshot(answer.attempt_id)]
    return refused.value


async def test_an_answer_in_time_counts(world: World) -> None:
    answer = an_answer(await opened(world))

    saved = await world.books.answers.save(answer)

    assert saved == answer
    assert saved.standing is AnswerStanding.COUNTED
    assert await world.books.answers.snapshot(answer.attempt_id) == [answer]


async def test_an_attempt_that_never_opened_takes_none(world: World) -> None:
    assert (await refusal(world, an_answer(new_id()))).type is FailureType.NOT_FOUND


async def test_an_attempt_that_has_not_started_takes_none(world: World) -> None:
    attempt_id = await opened(world, started_at=None, deadline_at=None)

    assert (await refusal(world, an_answer(attempt_id))).type is FailureType.ILLEGAL_MOVE


async def test_the_second_of_the_deadline_still_counts(world: World) -> None:
    answer = an_answer(await opened(world), DEADLINE)

    assert (await world.books.answers.save(answer)).standing is AnswerStanding.COUNTED


@pytest.mark.parametrize(
    ("after", "standing"),
    [
        (3 * SECOND, AnswerStanding.COUNTED),
        (3 * SECOND + MICROSECOND, AnswerStanding.LATE),
        (MINUTE, AnswerStanding.LATE),
    ],
)
@pytest.mark.parametrize("claimed", [DEADLINE - MINUTE, DEADLINE + HOUR])
async def test_after_the_deadline_only_the_arrival_decides(
    world: World, after: timedelta, standing: AnswerStanding, claimed: datetime
) -> None:
    """Nobody has closed the window yet: all workers may be stopped."""
    answer = an_answer(await opened(world), claimed, received_at=DEADLINE + after)

    assert (await world.books.answers.save(answer)).standing is standing


async def test_arrived_too_late_is_kept_as_late(world: World) -> None:
    answer = an_answer(await opened(world), DEADLINE - MINUTE, received_at=DEADLINE + MINUTE)

    saved = await world.books.answers.save(answer)

    assert saved.standing is AnswerStanding.LATE
    assert await world.books.answers.save(answer) == saved
    assert await world.books.answers.snapshot(answer.attempt_id) == []


async def test_a_device_that_says_it_typed_in_the_future_gains_nothing(world: World) -> None:
    answer = an_answer(await opened(world), DEADLINE + HOUR, received_at=NOON + MINUTE)

    assert (await world.books.answers.save(answer)).standing is AnswerStanding.COUNTED


SUBMITTED = NOON + 10 * MINUTE + 600_000 * MICROSECOND
CLOSED = {
    "is_open": False,
    "closed_at": SUBMITTED,
    "deadline_at": None,
    "stopped_at": SUBMITTED.replace(microsecond=0),
    "phase": Phase.SUBMITTED,
}


@pytest.mark.parametrize("claimed", [SUBMITTED - MINUTE, SUBMITTED + MINUTE])
async def test_what_was_on_its_way_when_it_was_handed_in_counts(world: World, claimed: datetime) -> None:
    attempt_id = await opened(world, **CLOSED)

    async def standing(after: timedelta) -> AnswerStanding:
        return (
            await world.books.answers.save(an_answer(attempt_id, claimed, received_at=SUBMITTED + after))
        ).standing

    assert await standing(3 * SECOND) is AnswerStanding.COUNTED
    assert await standing(3 * SECOND + MICROSECOND) is AnswerStanding.LATE


async def test_once_marking_has_taken_its_snapshot_nothing_counts(world: World) -> None:
    attempt_id = await opened(world, **CLOSED)
    await world.books.answers.snapshot(attempt_id)

    answer = an_answer(attempt_id, SUBMITTED, received_at=SUBMITTED + SECOND)

    assert (await world.books.answers.save(answer)).standing is AnswerStanding.LATE
    assert await world.books.answers.snapshot(attempt_id) == []


async def test_a_snapshot_of_an_open_window_closes_nothing(world: World) -> None:
    attempt_id = await opened(world)
    await world.books.answers.snapshot(attempt_id)

    assert (await world.books.answers.save(an_answer(attempt_id))).standing is AnswerStanding.COUNTED


@pytest.mark.parametrize("claimed", [NOON, NOON + HOUR])
async def test_during_a_pause_only_what_was_on_its_way_counts(world: World, claimed: datetime) -> None:
    stopped = NOON + 10 * MINUTE
    attempt_id = await opened(world, deadline_at=None, stopped_at=stopped, phase=Phase.PAUSED)
    on_its_way = an_answer(attempt_id, claimed, received_at=stopped + 3 * SECOND)
    later = an_answer(attempt_id, claimed, received_at=stopped + 3 * SECOND + MICROSECOND, text="later")

    assert (await world.books.answers.save(on_its_way)).standing is AnswerStanding.COUNTED
    failure = await refusal(world, later)

    assert failure.type is FailureType.ILLEGAL_MOVE
    assert "paused" in failure.message
    assert failure.extra == {"stopped_at": stopped.isoformat(), "retry_when": "resumed"}


async def test_after_a_termination_an_answer_is_late_and_counts_if_it_is_sent_again_after_a_reactivation(
    world: World,
) -> None:
    stopped = NOON + 10 * MINUTE
    attempt_id = await opened(world, deadline_at=None, stopped_at=stopped, phase=Phase.TERMINATED)
    answer = an_answer(attempt_id, stopped - MINUTE, received_at=stopped + MINUTE)

    assert (await world.books.answers.save(answer)).standing is AnswerStanding.LATE
    await world.books.windows.project(a_window(attempt_id, version=2))
    again = await world.books.answers.save(answer)

    assert again.standing is AnswerStanding.COUNTED
    assert await world.books.answers.snapshot(attempt_id) == [again]


async def test_a_voided_attempt_takes_no_answer(world: World) -> None:
    attempt_id = await opened(world, **{**CLOSED, "phase": Phase.VOIDED})

    assert (await refusal(world, an_answer(attempt_id))).type is FailureType.ILLEGAL_MOVE


async def test_late_answers_to_one_question_are_capped(world: World) -> None:
    attempt_id, question_id = await opened(world), new_id()

    def late(revision: int) -> Answer:
        return an_answer(
            attempt_id, question_id=question_id, revision=revision, received_at=DEADLINE + MINUTE
        )

    for revision in range(MOST_LATE):
        await world.books.answers.save(late(revision))

    failure = await refusal(world, late(MOST_LATE))
    assert failure.type is FailureType.DEADLINE_PASSED
    assert failure.extra == {"deadline_at": DEADLINE.isoformat()}
    assert (await world.books.answers.save(late(3))).standing is AnswerStanding.LATE


async def test_no_late_answer_is_kept_once_the_result_was_shown(world: World) -> None:
    answer = an_answer(await opened(world), received_at=DEADLINE + MINUTE)

    with pytest.raises(Failure, match="result was shown"):
        await world.books.answers.save(answer, is_shown=True)


async def test_an_epoch_that_was_never_given_is_refused(world: World) -> None:
    attempt_id, question_id = await opened(world), new_id()
    from_the_future = an_answer(attempt_id, question_id=question_id, epoch=2**31 - 1, text="mine forever")

    assert (await refusal(world, from_the_future)).type is FailureType.INVALID
    assert [await world.books.answers.begin_epoch(attempt_id) for _ in range(2)] == [1, 2]
    newest = an_answer(attempt_id, question_id=question_id, epoch=2, text="the newest device")
    await world.books.answers.save(newest)

    assert await world.books.answers.snapshot(attempt_id) == [newest]


async def test_an_epoch_on_condition_is_given_where_nobody_else_has_begun(world: World) -> None:
    attempt_id = await opened(world)

    assert await world.books.answers.begin_epoch(attempt_id, 0) == 1
    assert await world.books.answers.begin_epoch(attempt_id) == 2
    with pytest.raises(Failure, match="another window or device"):
        await world.books.answers.begin_epoch(attempt_id, 1)


async def test_revisions_are_ordered_by_epoch_then_number(world: World) -> None:
    attempt_id, question_id = await opened(world), new_id()
    for _ in range(2):
        await world.books.answers.begin_epoch(attempt_id)

    async def save(epoch: int, revision: int) -> str:
        answer = an_answer(
            attempt_id, question_id=question_id, epoch=epoch, revision=revision, text=f"{epoch}.{revision}"
        )
        kept = await world.books.answers.save(answer)
        return f"{kept.epoch}.{kept.revision}"

    assert [await save(*number) for number in [(1, 5), (1, 4), (1, 5), (2, 1), (1, 9), (2, 2)]] == [
        "1.5", "1.5", "1.5", "2.1", "2.1", "2.2",
    ]  # fmt: skip
    (kept,) = await world.books.answers.snapshot(attempt_id)
    assert kept.value is not None
    assert kept.value.model_dump()["text"] == "2.2"


async def test_what_was_counted_before_the_deadline_is_acknowledged_again_after_it(world: World) -> None:
    answer = an_answer(await opened(world))
    await world.books.answers.save(answer)

    again = await world.books.answers.save(answer.model_copy(update={"received_at": DEADLINE + HOUR}))

    assert again == answer


async def test_an_accepted_late_answer_counts_like_another_revision(world: World) -> None:
    attempt_id, question_id = await opened(world), new_id()
    early = an_answer(attempt_id, question_id=question_id, revision=1, text="early")
    late = an_answer(
        attempt_id, question_id=question_id, revision=2, text="late", received_at=DEADLINE + MINUTE
    )
    await world.books.answers.save(early)
    await world.books.answers.save(late)
    assert [a.revision for a in await world.books.answers.snapshot(attempt_id)] == [1]

    accepted = AcceptedLate(
        attempt_id=attempt_id,
        revision=LateRevision(question_id=question_id, epoch=1, revision=2),
        by=new_id(),
        at=NOON,
        reason="the network was down",
    )
    assert await world.books.answers.accept(accepted) == 1
    assert await world.books.answers.accept(accepted.model_copy(update={"at": NOON + HOUR})) == 0

    (counted,) = await world.books.answers.snapshot(attempt_id)
    assert (counted.revision, counted.standing) == (2, AnswerStanding.LATE)


async def test_an_extension_lets_answers_count_again(world: World) -> None:
    attempt_id = await opened(world)
    await world.books.windows.project(a_window(attempt_id, version=2, deadline_at=DEADLINE + HOUR))

    saved = await world.books.answers.save(an_answer(attempt_id, DEADLINE + MINUTE))

    assert saved.standing is AnswerStanding.COUNTED


def closing(attempt_id: UUID, version: int) -> WindowProjection:
    return a_window(attempt_id, version=version, is_open=False, deadline_at=None, closed_at=NOON)


@pytest.mark.parametrize("version", [1, 2])
async def test_a_closed_window_is_not_opened_by_an_older_projection(world: World, version: int) -> None:
    attempt_id = new_id()
    await world.books.windows.project(closing(attempt_id, version=2))

    await world.books.windows.project(a_window(attempt_id, version=version))

    late = an_answer(attempt_id, received_at=NOON + MINUTE)
    assert (await world.books.answers.save(late)).standing is AnswerStanding.LATE


async def test_a_newer_projection_opens_a_closed_window(world: World) -> None:
    attempt_id = new_id()
    await world.books.windows.project(closing(attempt_id, version=2))

    await world.books.windows.project(a_window(attempt_id, version=3))

    assert (await world.books.answers.save(an_answer(attempt_id))).standing is AnswerStanding.COUNTED


async def test_late_answers_count_once_the_platform_has_given_back_what_it_took(world: World) -> None:
    attempt_id = await opened(world)
    first, second = new_id(), new_id()
    times = (DEADLINE + MINUTE, DEADLINE + 2 * MINUTE, DEADLINE + 10 * MINUTE)
    late = [
        an_answer(attempt_id, question_id=question_id, revision=number, text=f"{number}", received_at=when)
        for question_id in (first, second)
        for number, when in enumerate(times, 1)
    ]
    standings = [(await world.books.answers.save(answer)).standing for answer in late]

    moved = a_window(attempt_id, 2, deadline_at=DEADLINE + 5 * MINUTE)
    await world.books.windows.project(moved)
    await world.books.windows.project(moved)

    counted = await world.books.answers.snapshot(attempt_id)
    assert standings == [AnswerStanding.LATE] * 6
    assert {answer.question_id: answer.revision for answer in counted} == {first: 2, second: 2}
    assert {answer.standing for answer in counted} == {AnswerStanding.COUNTED}
    assert (await world.books.answers.save(late[1])).standing is AnswerStanding.COUNTED
    assert (await world.books.answers.save(late[2])).standing is AnswerStanding.LATE


async def test_an_attempt_that_was_closed_takes_no_late_answer_by_itself(world: World) -> None:
    attempt_id = await opened(world)
    await world.books.windows.project(a_window(attempt_id, 2, is_open=False, closed_at=DEADLINE))
    await world.books.answers.save(an_answer(attempt_id, DEADLINE + MINUTE))

    await world.books.windows.project(a_window(attempt_id, 3, deadline_at=DEADLINE + HOUR))

    assert await world.books.answers.snapshot(attempt_id) == []


async def test_many_late_answers_are_accepted_by_how_late_they_came(world: World) -> None:
    attempt_id = await opened(world)
    soon, later = (
        an_answer(attempt_id, received_at=DEADLINE + after, text=f"{after}") for after in (MINUTE, HOUR)
    )
    for answer in (soon, later):
        await world.books.answers.save(answer)

    accepted = AcceptedLate(
        attempt_id=attempt_id, within=2 * MINUTE, by=new_id(), at=NOON, reason="the network was down"
    )

    assert await world.books.answers.accept(accepted) == 1
    kept = await world.books.answers.snapshot(attempt_id)
    assert [answer.question_id for answer in kept] == [soon.question_id]
