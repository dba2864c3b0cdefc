"""AnswerBook and WindowBook: the fence of answers, judged by the projected clock."""

from datetime import timedelta
from uuid import UUID

import pytest

from schema.failures import Failure, FailureType
from schema.grading import Answer, AnswerStanding
from schema.ids import new_id
from schema.lifecycle import WindowProjection
from tests.contracts.builder import HOUR, NOON, SECOND, a_window, an_answer
from tests.contracts.world import World

DEADLINE = NOON + HOUR
MINUTE = timedelta(minutes=1)


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


async def test_after_the_deadline_an_open_window_is_judged_by_the_deadline(world: World) -> None:
    """Nobody has closed the window yet: all workers may be stopped."""
    failure = await refusal(world, an_answer(await opened(world), DEADLINE + SECOND))

    assert failure.type is FailureType.DEADLINE_PASSED
    assert DEADLINE.isoformat() in failure.message
    assert failure.extra == {"deadline_at": DEADLINE.isoformat()}


async def test_typed_in_time_and_arrived_too_late_is_kept_as_late(world: World) -> None:
    answer = an_answer(await opened(world), DEADLINE - MINUTE, received_at=DEADLINE + MINUTE)

    saved = await world.books.answers.save(answer)

    assert saved.standing is AnswerStanding.LATE
    assert await world.books.answers.save(answer) == saved
    assert await world.books.answers.snapshot(answer.attempt_id) == []


async def test_a_device_that_says_it_typed_in_the_future_gains_nothing(world: World) -> None:
    answer = an_answer(await opened(world), DEADLINE + HOUR, received_at=NOON + MINUTE)

    assert (await world.books.answers.save(answer)).standing is AnswerStanding.COUNTED


@pytest.mark.parametrize(("typed", "kept"), [(-SECOND, True), (SECOND, False)])
async def test_after_handing_in_early_nothing_counts_any_more(
    world: World, typed: timedelta, kept: bool
) -> None:
    """Marking may already have taken its snapshot."""
    submitted = NOON + 10 * MINUTE
    closed = {"is_open": False, "closed_at": submitted, "deadline_at": None, "stopped_at": submitted}
    attempt_id = await opened(world, **closed)
    answer = an_answer(attempt_id, submitted + typed, received_at=submitted + MINUTE)

    if kept:
        assert (await world.books.answers.save(answer)).standing is AnswerStanding.LATE
    else:
        assert (await refusal(world, answer)).type is FailureType.DEADLINE_PASSED


@pytest.mark.parametrize(("typed", "counts"), [(-SECOND, True), (timedelta(0), True), (MINUTE, False)])
async def test_a_standing_clock_takes_only_what_was_typed_before(
    world: World, typed: timedelta, counts: bool
) -> None:
    stopped = NOON + 10 * MINUTE
    attempt_id = await opened(world, deadline_at=None, stopped_at=stopped)
    answer = an_answer(attempt_id, stopped + typed, received_at=stopped + 2 * MINUTE)

    if counts:
        assert (await world.books.answers.save(answer)).standing is AnswerStanding.COUNTED
    else:
        failure = await refusal(world, answer)
        assert failure.type is FailureType.ILLEGAL_MOVE
        assert "paused" in failure.message


async def test_revisions_are_ordered_by_epoch_then_number(world: World) -> None:
    attempt_id, question_id = await opened(world), new_id()

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

    await world.accept_late(late)

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

    assert (await refusal(world, an_answer(attempt_id))).type is FailureType.DEADLINE_PASSED


async def test_a_newer_projection_opens_a_closed_window(world: World) -> None:
    attempt_id = new_id()
    await world.books.windows.project(closing(attempt_id, version=2))

    await world.books.windows.project(a_window(attempt_id, version=3))

    assert (await world.books.answers.save(an_answer(attempt_id))).standing is AnswerStanding.COUNTED
