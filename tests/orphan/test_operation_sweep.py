"""Operations whose workflow is gone: shown, carried on without asking anybody twice, or given up in words."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from activities.adapters.memory.operation_book import MemoryOperationBook
from activities.orphan.operation_sweep import UNTOUCHED, OperationSweep
from schema.cohort import GIVE_UP_AFTER, START_WITHIN, Acknowledged, Acknowledgement, Standing
from schema.ids import new_id
from schema.orphan import Trouble
from schema.queue import WorkflowType
from tests.contracts.test_operation_book import an_operation
from tests.orphan.starter import Starter


class Scene:
    """An operation on two attempts, of which one has answered where it is begun."""

    def __init__(self, standing: Standing) -> None:
        self.book, self.starter = MemoryOperationBook(), Starter(standing)
        self.sweep = OperationSweep(self.book, self.starter)
        self.operation = an_operation()
        self.answered, self.waiting = new_id(), new_id()

    async def open(self, *, is_begun: bool) -> None:
        await self.book.open(self.operation, [self.answered, self.waiting])
        if is_begun:
            done = Acknowledgement.DONE
            answer = Acknowledged(
                operation_id=self.operation.operation_id, attempt_id=self.answered, state=done
            )
            await self.book.acknowledge(answer)

    async def state(self, attempt_id: UUID) -> Acknowledgement:
        known = await self.book.acknowledgement(self.operation.operation_id, attempt_id)
        assert known is not None
        return known.state


def after(age: timedelta) -> datetime:
    return datetime.now(UTC) + age


@pytest.mark.parametrize(
    ("standing", "is_begun", "is_shown"),
    [
        (Standing.CLOSED, False, True),
        (Standing.ABSENT, True, True),  # lost with Temporal's store
        (Standing.ABSENT, False, False),  # never started: a loop does so
        (Standing.RUNNING, True, False),
    ],
)
async def test_what_nobody_carries_out_is_shown_and_goes_on(
    standing: Standing, is_begun: bool, is_shown: bool
) -> None:
    scene, now = Scene(standing), after(UNTOUCHED * 2)
    await scene.open(is_begun=is_begun)

    found = await scene.sweep.look(now)
    outcomes = [await scene.sweep.mend(orphan, now) for orphan in found]

    assert [(one.kind, one.trouble) for one in found] == [(WorkflowType.COHORT, Trouble.GONE)][:is_shown]
    assert all(outcome.startswith("started again") for outcome in outcomes)
    started = [one.operation_id for one in scene.starter.started_again]
    assert started == [scene.operation.operation_id][:is_shown]


async def test_what_ends_as_its_row_says_is_not_missed() -> None:
    scene = Scene(Standing.CLOSED)
    await scene.open(is_begun=True)

    assert await scene.sweep.look(after(timedelta(seconds=5))) == []
    await scene.book.finish(scene.operation.operation_id)
    assert await scene.sweep.look(after(UNTOUCHED * 2)) == []


async def test_what_is_too_old_to_be_meant_is_given_up() -> None:
    scene = Scene(Standing.CLOSED)
    await scene.open(is_begun=True)
    in_between, late = after(START_WITHIN + timedelta(seconds=30)), after(GIVE_UP_AFTER * 2)

    (orphan,) = await scene.sweep.look(in_between)
    waits, given_up = await scene.sweep.mend(orphan, in_between), await scene.sweep.mend(orphan, late)

    assert waits == ""
    assert given_up.startswith("given up")
    assert scene.starter.started_again == []
    assert await scene.state(scene.answered) is Acknowledgement.DONE
    assert await scene.state(scene.waiting) is Acknowledgement.UNANSWERED
    assert await scene.sweep.look(late) == []
    assert await scene.sweep.mend(orphan, late) == ""
