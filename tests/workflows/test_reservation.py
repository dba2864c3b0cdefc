"""From the held seat to the door of the exam: confirm, expire, move, cancel, reminders, no-show."""

from datetime import timedelta

import pytest
from temporalio.client import WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from schema import lifecycle as m
from schema.attempt import Phase
from schema.machine import ActorRole
from tests.workflows.story import Story, slot_from


async def test_a_held_seat_that_is_not_confirmed_expires(story: Story) -> None:
    await story.reserve()

    outcome = await story.workflow.result()

    assert outcome.phase is Phase.EXPIRED
    assert story.world.story == ["expired"]
    assert story.world.steps[0].at == (await story.view()).hold_until
    assert story.world.holders == {}
    assert story.world.reports == []


async def test_no_seat_no_attempt(story: Story) -> None:
    story.world.seats[story.attempt.slot.slot_id] = 0

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await story.reserve()
    with pytest.raises(WorkflowFailureError) as ended:
        await story.workflow.result()

    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "slot_full"
    assert isinstance(ended.value.cause, ApplicationError)
    assert ended.value.cause.type == "slot_full"
    assert story.world.holders == {}
    assert story.world.projections == []


async def test_a_second_active_attempt_is_refused(story: Story) -> None:
    story.world.is_already_reserved = True

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await story.reserve()

    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "already_reserved"


async def test_a_database_that_does_not_answer_only_delays_the_seat(story: Story) -> None:
    story.world.trouble["hold"] = 2

    view = await story.reserve()

    assert view.phase is Phase.HELD
    assert len(story.world.holders) == 1


async def test_confirming_reserves_and_says_so(story: Story) -> None:
    view = await story.go_to(Phase.RESERVED)
    await story.until_told("reserved")

    assert view.phase is Phase.RESERVED
    assert story.world.story == ["reserved"]
    assert story.world.notices[0].facts["starts_at"] == story.attempt.slot.starts_at.isoformat()


async def test_reminders_come_once_each_then_no_show(story: Story) -> None:
    await story.go_to(Phase.RESERVED)

    outcome = await story.workflow.result()

    assert outcome.phase is Phase.NO_SHOW
    assert sorted(story.world.told) == ["no_show", "reminder", "reminder", "reserved"]
    keys = {notice.key.split("/")[1] for notice in story.world.notices if notice.occasion == "reminder"}
    assert keys == {"86400", "3600"}
    assert story.world.steps[-1].at == story.attempt.slot.starts_at + story.attempt.policy.no_show_after
    assert story.world.holders == {}


async def test_who_reserves_late_gets_no_reminder_from_the_past(story: Story) -> None:
    await story.with_slot(timedelta(hours=3)).go_to(Phase.RESERVED)

    await story.workflow.result()

    assert story.world.told.count("reminder") == 1


async def test_a_student_cancels_before_the_cut_off(story: Story) -> None:
    await story.go_to(Phase.RESERVED)
    await story.until_told("reserved")

    await story.do(m.Cancel, reason="ill")
    outcome = await story.workflow.result()

    assert outcome.phase is Phase.CANCELLED
    assert story.world.told == ["reserved", "cancelled"]
    assert story.world.holders == {}


async def test_after_the_cut_off_only_an_admin_cancels(story: Story) -> None:
    await story.with_slot(timedelta(hours=3)).go_to(Phase.RESERVED)

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await story.do(m.Cancel)
    view = await story.do(m.Cancel, role=ActorRole.ADMIN)

    assert "too late to cancel" in str(refused.value.cause)
    assert view.phase is Phase.CANCELLED


async def test_moving_swaps_the_seat_and_the_reminders(story: Story) -> None:
    await story.go_to(Phase.RESERVED)
    later = slot_from(story.now + timedelta(days=5))

    view = await story.do(m.MoveSlot, slot=later)
    outcome = await story.workflow.result()

    assert view.slot_id == later.slot_id
    assert outcome.phase is Phase.NO_SHOW
    assert story.world.steps[-1].at == later.starts_at + story.attempt.policy.no_show_after
    assert story.world.told.count("reminder") == 2
    assert story.world.told.count("moved") == 1


async def test_moving_to_a_full_slot_changes_nothing(story: Story) -> None:
    await story.go_to(Phase.RESERVED)
    full = slot_from(story.now + timedelta(days=5))
    story.world.seats[full.slot_id] = 0

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await story.do(m.MoveSlot, slot=full)

    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "slot_full"
    assert (await story.view()).slot_id == story.attempt.slot.slot_id
    assert story.world.holders == {story.attempt.attempt_id: story.attempt.slot.slot_id}


async def test_an_illegal_command_says_why(story: Story) -> None:
    await story.go_to(Phase.RESERVED)

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await story.do(m.Start)

    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "illegal_move"
    assert "is booked and has not begun; this cannot be done now" in refused.value.cause.message


async def test_check_in_opens_in_its_window_only(story: Story) -> None:
    await story.go_to(Phase.RESERVED)

    with pytest.raises(WorkflowUpdateFailedError, match="Workflow update failed") as refused:
        await story.do(m.BeginCheckIn)

    assert "check-in is not open yet" in str(refused.value.cause)
