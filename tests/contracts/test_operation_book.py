"""OperationBook: an operation is opened once, its attempts stand in order, and the first answer stays."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from schema.cohort import Acknowledged, Acknowledgement, CohortVerb, NextAttempts, Operation
from schema.exam import CheckInStep
from schema.failures import Failure, FailureType
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.lifecycle import Actor
from schema.machine import ActorRole
from tests.contracts.world import World


def an_operation(verb: CohortVerb = CohortVerb.EXTEND) -> Operation:
    return Operation(
        operation_id=new_id(),
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=new_id(),
        verb=verb,
        actor=Actor(role=ActorRole.PROCTOR, person_id=new_id()),
        by=timedelta(minutes=5) if verb is CohortVerb.EXTEND else None,
        step=CheckInStep.CAMERA if verb is CohortVerb.SEND_BACK else None,
        reason="power cut",
    )


def answered(operation: Operation, attempt_id: UUID, state: Acknowledgement, why: str = "") -> Acknowledged:
    kind = FailureType.ILLEGAL_MOVE.value if state is Acknowledgement.REFUSED else ""
    return Acknowledged(
        operation_id=operation.operation_id, attempt_id=attempt_id, state=state, type=kind, why=why
    )


@pytest.mark.parametrize("verb", [CohortVerb.EXTEND, CohortVerb.SEND_BACK, CohortVerb.RESUME])
async def test_an_operation_comes_back_as_it_was_asked(world: World, verb: CohortVerb) -> None:
    operation = an_operation(verb)

    await world.books.operations.open(operation, [new_id()])

    assert await world.books.operations.operation(operation.operation_id) == operation


async def test_attempts_come_in_order_batch_by_batch(world: World) -> None:
    operation, attempts = an_operation(), [new_id() for _ in range(5)]
    book = world.books.operations
    await book.open(operation, attempts)

    seen: list[UUID] = []
    after = 0
    while (
        batch := await book.next_attempts(
            NextAttempts(operation_id=operation.operation_id, after=after, limit=2)
        )
    ).attempt_ids:
        seen, after = [*seen, *batch.attempt_ids], batch.last

    assert seen == attempts
    assert after == 5


async def test_opening_again_changes_nothing(world: World) -> None:
    operation, attempt_id = an_operation(), new_id()
    book = world.books.operations
    await book.open(operation, [attempt_id])
    await book.acknowledge(answered(operation, attempt_id, Acknowledgement.DONE))

    await book.open(operation, [attempt_id, new_id()])

    known = await book.acknowledgement(operation.operation_id, attempt_id)
    assert known is not None
    assert known.state is Acknowledgement.DONE
    batch = await book.next_attempts(NextAttempts(operation_id=operation.operation_id, after=0, limit=9))
    assert batch.attempt_ids == (attempt_id,)


async def test_the_first_answer_stays_and_silence_gives_way(world: World) -> None:
    operation, attempt_id = an_operation(), new_id()
    book = world.books.operations
    await book.open(operation, [attempt_id])
    first = await book.acknowledgement(operation.operation_id, attempt_id)
    seen = [first.state if first else None]

    for answer in (
        answered(operation, attempt_id, Acknowledgement.UNANSWERED),
        answered(operation, attempt_id, Acknowledgement.REFUSED, "attempt is submitted"),
        answered(operation, attempt_id, Acknowledgement.DONE),
    ):
        await book.acknowledge(answer)
        told = await book.acknowledgement(operation.operation_id, attempt_id)
        seen.append(told.state if told else None)

    known = await book.acknowledgement(operation.operation_id, attempt_id)
    assert seen == ["waiting", "unanswered", "refused", "refused"]
    assert known is not None
    assert (known.type, known.why) == ("illegal_move", "attempt is submitted")


async def test_who_is_not_asked_has_no_answer(world: World) -> None:
    operation = an_operation()
    book = world.books.operations
    await book.open(operation, [new_id()])

    await book.acknowledge(answered(operation, stranger := new_id(), Acknowledgement.DONE))

    assert await book.acknowledgement(operation.operation_id, stranger) is None
    await book.finish(operation.operation_id)
    with pytest.raises(Failure) as unknown:
        await book.operation(new_id())
    assert unknown.value.type is FailureType.NOT_FOUND


async def test_what_is_not_over_is_found_oldest_first(world: World) -> None:
    book, since = world.books.operations, datetime.now(UTC)
    asked = [an_operation(verb) for verb in (CohortVerb.EXTEND, CohortVerb.PAUSE, CohortVerb.RESUME)]
    for operation in asked:
        await book.open(operation, [new_id(), new_id()])
    await book.finish(asked[0].operation_id)

    found = await book.unfinished(datetime.now(UTC), 1_000)
    first = await book.unfinished(datetime.now(UTC), 1)
    earlier = await book.unfinished(since - timedelta(seconds=1), 1_000)

    ours = {operation.operation_id for operation in asked}
    assert [one.operation_id for one in found if one.operation_id in ours] == [
        operation.operation_id for operation in asked[1:]
    ]
    assert [one.created_at for one in found] == sorted(one.created_at for one in found)
    known = {one.operation_id: one for one in found}[asked[1].operation_id]
    assert (known.exam_id, known.verb, known.total) == (asked[1].exam_id, CohortVerb.PAUSE, 2)
    assert len(first) == 1
    assert ours.isdisjoint(one.operation_id for one in earlier)


async def test_giving_up_answers_for_those_who_wait(world: World) -> None:
    book, operation = world.books.operations, an_operation()
    attempts = [new_id(), new_id()]
    await book.open(operation, attempts)
    await book.acknowledge(answered(operation, attempts[0], Acknowledgement.DONE))

    await book.give_up(operation.operation_id, Acknowledgement.REFUSED, "deadline_passed", "too late")
    await book.give_up(operation.operation_id, Acknowledgement.UNANSWERED, "unavailable", "again")

    known = [await book.acknowledgement(operation.operation_id, attempt_id) for attempt_id in attempts]
    told = [(one.state, one.type, one.why) for one in known if one]
    assert told == [("done", "", ""), ("refused", "deadline_passed", "too late")]
    left = await book.unfinished(datetime.now(UTC), 1_000)
    assert operation.operation_id not in {one.operation_id for one in left}
