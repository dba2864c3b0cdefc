"""After the exam: graders, reviewers, a second and different one, release, appeal, archive, retention."""

from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from schema import lifecycle as m
from schema.attempt import Phase
from schema.exam import ReleaseRule
from schema.ids import new_id, retention_workflow_id
from schema.incident import IncidentKind, IncidentSignal, Severity
from schema.outcome import Integrity, Marking, Release
from schema.review import (
    AppealOutcome,
    AppealVerdict,
    IntegrityOutcome,
    IntegrityVerdict,
    ReviewKind,
)
from tests.workflows.story import Story, essay_verdict, eventually

UPHELD = IntegrityVerdict(outcome=IntegrityOutcome.UPHELD, reason="a phone on the desk")
CLEARED = IntegrityVerdict(outcome=IntegrityOutcome.CLEARED, reason="the cat")


def phone(story: Story) -> IncidentSignal:
    return IncidentSignal(
        incident_id=new_id(),
        kind=IncidentKind.FORBIDDEN_OBJECT,
        severity=Severity.HIGH,
        confidence=0.9,
        started_at=story.now,
    )


async def test_without_essays_and_incidents_all_is_settled_at_once(story: Story) -> None:
    await story.go_to(Phase.SUBMITTED)
    await story.until_settled()

    released = await story.do(m.ReleaseResult)
    outcome = await story.workflow.result()

    assert released.release is Release.RELEASED
    assert outcome.release is Release.ARCHIVED
    assert outcome.report_name == "archive/report.pdf"
    assert {"submitted", "released"} <= set(story.world.told)
    assert story.world.projections[-1].report_name == "archive/report.pdf"


async def test_a_result_is_released_by_itself_where_the_exam_says_so(story: Story) -> None:
    await story.with_policy(release=ReleaseRule.WHEN_READY).go_to(Phase.SUBMITTED)

    outcome = await story.workflow.result()

    assert outcome.release is Release.ARCHIVED
    finalised = next(step for step in story.world.steps if step.verb == "finalise")
    released = next(step for step in story.world.steps if step.verb == "release")
    assert finalised.at - released.at == story.attempt.policy.appeal_window


async def test_essays_wait_for_graders(story: Story) -> None:
    story.world.manual = (new_id(), new_id())
    await story.go_to(Phase.SUBMITTED)
    waiting = await story.until(lambda seen: seen.marking is Marking.AWAITING_GRADERS)

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await story.do(m.ReleaseResult)
    await story.decide(ReviewKind.ESSAY, essay_verdict())
    await story.decide(ReviewKind.ESSAY, essay_verdict())
    marked = await story.until(lambda seen: seen.marking is Marking.MARKED)

    assert waiting.integrity in {Integrity.UNDETERMINED, Integrity.NONE}
    assert "both must be settled first" in str(refused.value.cause)
    assert marked.release is Release.WITHHELD
    assert len(story.world.essays) == 2
    assert story.world.steps[-1].actor.role in {"grader", "system"}


async def test_marks_that_do_not_fit_are_asked_for_again(story: Story) -> None:
    story.world.manual = (new_id(),)
    story.world.refused_marks = 1
    await story.go_to(Phase.SUBMITTED)

    first = await story.decide(ReviewKind.ESSAY, essay_verdict(99))
    second = await story.decide(ReviewKind.ESSAY, essay_verdict(5))
    await story.until(lambda seen: seen.marking is Marking.MARKED)

    assert first.review.review_id != second.review.review_id
    assert first.review.subject == second.review.subject
    assert len(story.world.essays) == 1


async def test_an_upheld_inquiry_needs_a_second_and_different_person(story: Story) -> None:
    story.world.incidents = (phone(story),)
    first, second = new_id(), new_id()
    await story.go_to(Phase.SUBMITTED)
    pending = await story.until(lambda seen: seen.integrity is Integrity.PENDING)

    await story.decide(ReviewKind.INTEGRITY, UPHELD, first)
    once = await story.until(lambda seen: seen.integrity is Integrity.UPHELD_ONCE)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await story.decide(ReviewKind.INTEGRITY, UPHELD, first)
    await story.decide(ReviewKind.INTEGRITY, UPHELD, second)
    upheld = await story.until(lambda seen: seen.integrity is Integrity.UPHELD)

    assert (pending.release, once.release, upheld.release) == (Release.WITHHELD,) * 3
    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "forbidden"
    assert "needs a different person" in refused.value.cause.message
    assert [ruling.decided_by for ruling in story.world.rulings] == [first, second]


async def test_a_second_reviewer_may_clear(story: Story) -> None:
    story.world.incidents = (phone(story),)
    await story.go_to(Phase.SUBMITTED)

    await story.decide(ReviewKind.INTEGRITY, UPHELD, new_id())
    await story.decide(ReviewKind.INTEGRITY, CLEARED, new_id())
    view = await story.until(lambda seen: seen.integrity is Integrity.CLEARED)

    assert view.integrity is Integrity.CLEARED


async def test_technical_incidents_open_no_inquiry(story: Story) -> None:
    technical = {"kind": IncidentKind.LOW_LIGHT, "severity": Severity.TECHNICAL}
    story.world.incidents = (phone(story).model_copy(update=technical),)
    await story.go_to(Phase.SUBMITTED)

    view = await story.until(lambda seen: seen.integrity is not Integrity.UNDETERMINED)

    assert view.integrity is Integrity.NONE


async def released(story: Story) -> None:
    await story.go_to(Phase.SUBMITTED)
    await story.until_settled()
    await story.do(m.ReleaseResult)


async def test_an_appeal_is_dismissed(story: Story) -> None:
    await released(story)
    verdict = AppealVerdict(outcome=AppealOutcome.DISMISSED, reason="the marks stand")

    appealed = await story.do(m.Appeal, appeal_id=new_id())
    await story.decide(ReviewKind.APPEAL, verdict)
    outcome = await story.workflow.result()

    assert appealed.release is Release.APPEALED
    assert outcome.release is Release.ARCHIVED
    settled = next(n for n in story.world.notices if n.occasion == "appeal_settled")
    assert settled.facts == {"outcome": "dismissed"}


async def test_an_appeal_leads_to_another_round(story: Story) -> None:
    await released(story)
    verdict = AppealVerdict(outcome=AppealOutcome.REMARK, reason="question 3 was wrong")

    await story.do(m.Appeal, appeal_id=new_id())
    await story.decide(ReviewKind.APPEAL, verdict)
    outcome = await story.workflow.result()

    assert story.world.published[-1] == "marked round 2"
    assert outcome.marking is Marking.MARKED
    assert story.world.reports[-1].round_number == 2


async def test_an_appeal_opens_integrity_again(story: Story) -> None:
    story.world.incidents = (phone(story),)
    await story.go_to(Phase.SUBMITTED)
    await story.decide(ReviewKind.INTEGRITY, UPHELD, new_id())
    await story.decide(ReviewKind.INTEGRITY, UPHELD, new_id())
    await story.until_settled()
    await story.do(m.ReleaseResult)

    await story.do(m.Appeal, appeal_id=new_id())
    verdict = AppealVerdict(outcome=AppealOutcome.REINVESTIGATE, reason="new evidence")
    await story.decide(ReviewKind.APPEAL, verdict)
    await story.decide(ReviewKind.INTEGRITY, CLEARED, new_id())
    outcome = await story.workflow.result()

    assert outcome.integrity is Integrity.CLEARED
    assert len(story.world.reviews) == 4


async def test_an_appeal_after_its_window_is_refused(story: Story) -> None:
    await released(story)

    await story.pass_time(story.attempt.policy.appeal_window + timedelta(minutes=1))
    outcome = await story.workflow.result()

    assert outcome.release is Release.ARCHIVED


async def test_applied_operations_survive_the_new_run(story: Story) -> None:
    await story.go_to(Phase.IN_PROGRESS)
    await story.do(m.Submit, operation_id="submit-once", update_id="run-one")
    before = story.world.story.copy()

    await story.until_settled()
    again = await story.do(m.Submit, operation_id="submit-once", update_id="run-two")

    assert again.phase is Phase.SUBMITTED
    assert story.world.story == before


async def test_every_end_leads_to_retention(story: Story) -> None:
    await story.go_to(Phase.RESERVED)
    await story.do(m.Cancel)
    await story.workflow.result()

    kept = story.attempt.policy.retention
    for data_class in (kept.media, kept.features, kept.decision_log):
        await story.pass_until(story.now + data_class)
    await eventually(lambda: len(story.world.receipts) == 3)

    assert [deleted.data_class for deleted in story.world.deleted] == ["media", "features", "decision_log"]
    assert [len(receipt.deleted) for receipt in story.world.receipts] == [1, 2, 3]
    assert story.world.exported[0].workflow_ids == (story.workflow.id,)


async def test_a_hold_blocks_deletion(story: Story) -> None:
    await story.go_to(Phase.RESERVED)
    await story.do(m.Cancel)
    await story.workflow.result()
    retention = story.env.client.get_workflow_handle(retention_workflow_id(story.attempt.attempt_id))

    await retention.signal("hold")
    await story.pass_time(timedelta(days=40))
    held = list(story.world.deleted)
    await retention.signal("release_hold")
    await eventually(lambda: bool(story.world.receipts))

    assert held == []
    assert [deleted.data_class for deleted in story.world.deleted] == ["media"]


async def test_a_hold_in_the_database_blocks_deletion_too(story: Story) -> None:
    story.world.on_hold = True
    await story.go_to(Phase.RESERVED)
    await story.do(m.Cancel)
    await story.workflow.result()

    await story.pass_time(timedelta(days=40))
    held = list(story.world.deleted)
    story.world.on_hold = False
    await story.pass_time(timedelta(days=2))
    await eventually(lambda: bool(story.world.receipts))

    assert held == []
    assert [deleted.data_class for deleted in story.world.deleted] == ["media"]


async def test_all_histories_are_exported(story: Story) -> None:
    story.world.incidents = (phone(story),)
    story.world.manual = (new_id(),)
    await story.with_policy(release=ReleaseRule.WHEN_READY).go_to(Phase.SUBMITTED)
    await story.decide(ReviewKind.ESSAY, essay_verdict())
    await story.decide(ReviewKind.INTEGRITY, CLEARED)

    await story.workflow.result()
    await eventually(lambda: bool(story.world.exported))

    kinds = sorted(workflow_id.split(":")[0] for workflow_id in story.world.exported[0].workflow_ids)
    assert kinds == ["attempt", "grading", "monitoring", "review", "review"]
    assert story.world.exported[0].ended_at == story.world.reports[0].finished_at
