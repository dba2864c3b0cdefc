"""One seat, never two: what happens to a swap when the attempt changes meanwhile."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from temporalio.client import WorkflowUpdateFailedError

from schema import lifecycle as m
from schema.attempt import Phase
from tests.workflows.story import PATIENCE, Story, slot_from


async def test_a_swap_that_a_void_overtakes_leaves_no_seat(story: Story) -> None:
    await story.go_to(Phase.RESERVED)
    has_begun, may_end = asyncio.Event(), asyncio.Event()

    async def swap() -> None:
        has_begun.set()
        await may_end.wait()

    story.world.during_swap = swap

    moving = asyncio.create_task(story.do(m.MoveSlot, slot=slot_from(story.now + timedelta(days=5))))
    await asyncio.wait_for(has_begun.wait(), PATIENCE)
    voiding = asyncio.create_task(story.do(m.Void, reason="a mistake"))
    await story.until_phase(Phase.VOIDED)
    may_end.set()
    await voiding
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await moving
    outcome = await story.workflow.result()

    assert "was declared void" in str(refused.value.cause)
    assert outcome.phase is Phase.VOIDED
    assert story.world.holders == {}


async def test_two_swaps_at_once_follow_one_another(story: Story) -> None:
    await story.go_to(Phase.RESERVED)
    story.world.during_swap = partial(asyncio.sleep, 0.2)
    slots = [slot_from(story.now + timedelta(days=days)) for days in (5, 6)]

    views = await asyncio.gather(*(story.do(m.MoveSlot, slot=slot) for slot in slots))
    final = await story.view()

    assert {view.slot_id for view in views} == {slot.slot_id for slot in slots}
    assert story.world.holders[story.attempt.attempt_id] == final.slot_id
    assert story.world.story.count("reserved") == 3
