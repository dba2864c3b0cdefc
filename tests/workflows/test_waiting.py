"""Waiting for a seat: moving up, how long the seat is kept then, and every way to stop waiting."""

import asyncio
from datetime import timedelta

from schema import lifecycle as m
from schema.attempt import Phase
from schema.waiting import KEPT_FOR
from tests.workflows.story import Story, eventually, slot_from


async def full(story: Story, waiting: int = 1) -> list[Story]:
    """The story holds its slot's only seat; so many others wait, in this order."""
    story.world.seats[story.attempt.slot.slot_id] = 1
    await story.reserve()
    rivals = [story.rival() for _ in range(waiting)]
    for rival in rivals:
        await rival.reserve()
    return rivals


def holders(story: Story) -> list[str]:
    return [str(attempt_id) for attempt_id in story.world.holders]


async def test_where_the_slot_is_full_one_waits_until_it_begins(story: Story) -> None:
    (rival,) = await full(story)

    view = await rival.view()

    assert (view.phase, view.hold_until) == (Phase.WAITLISTED, story.attempt.slot.starts_at)
    assert list(story.world.waiting) == [rival.attempt.attempt_id]


async def test_who_may_wait_but_need_not_holds_a_seat_like_anybody(story: Story) -> None:
    rival = story.rival()

    view = await rival.reserve()

    assert view.phase is Phase.HELD
    assert view.hold_until < rival.now + timedelta(minutes=11)


async def test_a_cancelled_seat_is_kept_for_the_next_for_twelve_hours(story: Story) -> None:
    (rival,) = await full(story)

    await story.do(m.Cancel)
    moved_up = await rival.until_phase(Phase.HELD)
    await rival.until_told("seat_freed")
    confirmed = await rival.do(m.Confirm)

    at = next(step.at for step in story.world.steps if step.verb == "promote")
    assert moved_up.hold_until == at + KEPT_FOR
    (notice,) = [notice for notice in story.world.notices if notice.occasion == "seat_freed"]
    assert notice.person_id == rival.attempt.student_id
    assert notice.facts["confirm_until"] == moved_up.hold_until.isoformat()
    assert confirmed.phase is Phase.RESERVED
    assert holders(story) == [str(rival.attempt.attempt_id)]


async def test_a_seat_that_nobody_confirms_goes_from_one_to_the_next(story: Story) -> None:
    first, second = await full(story, waiting=2)

    ended = [(await one.workflow.result()).phase for one in (story, first, second)]

    promoted = [step.at for step in story.world.steps if step.verb == "promote"]
    expired = [step.at for step in story.world.steps if step.verb == "expire"]
    assert ended == [Phase.EXPIRED] * 3
    assert expired[1] - promoted[0] == KEPT_FOR
    assert len(promoted) == 2
    assert (story.world.holders, story.world.waiting) == ({}, {})


async def test_the_seat_that_a_move_leaves_goes_to_who_waits(story: Story) -> None:
    (rival,) = await full(story)
    await story.do(m.Confirm)

    await story.do(m.MoveSlot, slot=slot_from(story.now + timedelta(days=5)))

    assert (await rival.until_phase(Phase.HELD)).slot_id == story.attempt.slot.slot_id
    assert len(story.world.holders) == 2


async def test_when_the_slot_begins_the_waiting_is_over_and_one_is_told(story: Story) -> None:
    (rival,) = await full(story)
    await story.do(m.Confirm)

    outcome = await rival.workflow.result()

    assert outcome.phase is Phase.EXPIRED
    step = next(step for step in story.world.steps if step.verb == "expire")
    assert (step.source, step.at) == (Phase.WAITLISTED, story.attempt.slot.starts_at)
    assert [n.person_id for n in story.world.notices if n.occasion == "waited_in_vain"] == [
        rival.attempt.student_id
    ]
    assert story.world.waiting == {}


async def test_who_leaves_the_list_is_passed_over(story: Story) -> None:
    first, second = await full(story, waiting=2)

    left = await first.do(m.Cancel)
    await first.workflow.result()
    await story.do(m.Cancel)
    await second.until_phase(Phase.HELD)

    assert left.phase is Phase.CANCELLED
    assert holders(story) == [str(second.attempt.attempt_id)]


async def test_leaving_while_one_moves_up_loses_no_seat(story: Story) -> None:
    first, second = await full(story, waiting=2)

    await asyncio.gather(story.do(m.Cancel), first.do(m.Cancel))
    await second.until_phase(Phase.HELD)

    assert (await first.workflow.result()).phase is Phase.CANCELLED
    assert holders(story) == [str(second.attempt.attempt_id)]
    assert story.world.waiting == {}


async def test_who_moves_up_before_knowing_that_they_wait_is_promoted_all_the_same(story: Story) -> None:
    """The place on the list is written, its answer is lost, and meanwhile the seat comes."""
    await full(story, waiting=0)
    rival = story.rival()
    story.world.trouble["held"] = 3
    reserving = asyncio.create_task(rival.reserve())
    await eventually(lambda: rival.attempt.attempt_id in story.world.waiting)

    await story.do(m.Cancel)
    await reserving
    view = await rival.until_phase(Phase.HELD)

    assert view.version == 1
    assert view.hold_until > rival.now + timedelta(hours=11)
    assert holders(story) == [str(rival.attempt.attempt_id)]
    assert story.world.told.count("seat_freed") <= 1


async def test_being_told_twice_is_being_told_once(story: Story) -> None:
    (rival,) = await full(story)
    await story.do(m.Cancel)
    before = await rival.until_phase(Phase.HELD)

    await rival.workflow.signal("seat_assigned")
    await rival.do(m.Confirm)
    await rival.workflow.signal("seat_assigned")

    view = await rival.view()
    assert before.version == 1
    assert (view.phase, view.version) == (Phase.RESERVED, 2)


async def test_waiting_and_moving_up_on_the_real_server(real_story: Story) -> None:
    first, second = await full(real_story, waiting=2)

    await real_story.do(m.Cancel)
    await first.until_phase(Phase.HELD)
    await first.do(m.Cancel)
    await second.until_phase(Phase.HELD)
    await second.do(m.Confirm)

    assert holders(real_story) == [str(second.attempt.attempt_id)]
    assert (await second.view()).phase is Phase.RESERVED
