"""At the door: checking in, being sent back, admitted, refused, forgotten, absent."""

from datetime import timedelta

from schema import lifecycle as m
from schema.attempt import Phase
from schema.exam import Admission, CheckInStep
from tests.workflows.story import Story


async def test_check_in_steps_are_projected_one_by_one(story: Story) -> None:
    await story.go_to(Phase.CHECKING_IN)

    await story.do(m.RecordCheckIn, step=CheckInStep.CAMERA)
    view = await story.do(m.RecordCheckIn, step=CheckInStep.IDENTITY_PHOTO, object_name="raw/photo.jpg")

    assert view.checks_done == (CheckInStep.CAMERA, CheckInStep.IDENTITY_PHOTO)
    assert story.world.projections[-1].view.checks_done == view.checks_done
    assert story.world.projections[-1].identity_photo == "raw/photo.jpg"


async def test_sent_back_then_admitted(story: Story) -> None:
    await story.go_to(Phase.AWAITING_ADMISSION)

    back = await story.do(m.SendBack, step=CheckInStep.IDENTITY_PHOTO, reason="too dark")
    again = await story.do(m.RecordCheckIn, step=CheckInStep.IDENTITY_PHOTO)
    admitted = await story.do(m.Admit)
    await story.until_told("sent_back", "admitted")

    assert (back.phase, back.send_back_reason) == (Phase.CHECKING_IN, "too dark")
    assert again.phase is Phase.AWAITING_ADMISSION
    assert admitted.phase is Phase.ADMITTED


async def test_the_exam_may_admit_at_once(story: Story) -> None:
    view = await story.with_policy(admission=Admission.AUTOMATIC).go_to(Phase.AWAITING_ADMISSION)

    assert view.phase is Phase.ADMITTED


async def test_refused_at_the_door(story: Story) -> None:
    await story.go_to(Phase.AWAITING_ADMISSION)

    await story.do(m.Refuse, reason="somebody else on the photo")
    outcome = await story.workflow.result()

    assert outcome.phase is Phase.VOIDED
    assert "voided" in story.world.told
    assert story.world.holders == {}
    assert story.world.reports == []


async def test_admins_learn_of_an_admission_that_waits(story: Story) -> None:
    await story.go_to(Phase.AWAITING_ADMISSION)

    await story.pass_time(timedelta(minutes=11))
    await story.until_told("admission_overdue")
    view = await story.do(m.Admit)

    overdue = next(n for n in story.world.notices if n.occasion == "admission_overdue")
    assert overdue.audience == "admins"
    assert story.world.told.count("admission_overdue") == 1
    assert view.phase is Phase.ADMITTED


async def test_who_does_not_finish_checking_in_is_absent(story: Story) -> None:
    await story.go_to(Phase.CHECKING_IN)

    outcome = await story.workflow.result()

    assert outcome.phase is Phase.NO_SHOW


async def test_who_is_admitted_and_does_not_start_is_absent(story: Story) -> None:
    await story.go_to(Phase.ADMITTED)

    outcome = await story.workflow.result()

    assert outcome.phase is Phase.NO_SHOW
    assert story.world.windows == []
