"""A workflow that was terminated in any phase begins again from what it had written, and ends as it would have."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from schema import lifecycle as m
from schema.attempt import Phase
from schema.ids import (
    attempt_workflow_id,
    monitoring_workflow_id,
    new_id,
    retention_workflow_id,
    review_workflow_id,
)
from schema.incident import SEVERITY, IncidentKind, IncidentSignal
from schema.machine import ActorRole
from schema.outcome import Integrity, Marking, Release
from schema.queue import Queue
from schema.review import (
    AppealOutcome,
    AppealVerdict,
    IntegrityOutcome,
    IntegrityVerdict,
    ReviewKind,
    Verdict,
)
from tests.workflows.recording import soon
from tests.workflows.story import PATIENCE, Story, essay_verdict, eventually
from tests.workflows.worker import working
from tests.workflows.world import World
from workflows.attempt import AttemptWorkflow

QUICK = {"appeal_window": timedelta(seconds=1)}


@pytest.fixture
async def told(server: WorkflowEnvironment, world: World) -> AsyncIterator[Story]:
    async with working(server.client, world):
        yield soon(await Story.begin(server, world))


async def begin_again(story: Story) -> None:
    """As an operator terminates it, and as the repair starts it from what was written last."""
    client, attempt_id = story.env.client, story.attempt.attempt_id
    await story.workflow.terminate("by an operator")
    known = [p for p in story.world.projections if p.view.attempt_id == attempt_id][-1]
    assert known.snapshot is not None
    reviews = {review_workflow_id(review_id) for review_id in story.world.reviews}
    for child in {monitoring_workflow_id(attempt_id), *_children(known.snapshot), *reviews}:
        await _end(story, child)
    again = known.snapshot.model_copy(update={"generation": known.generation + 1, "is_repaired": True})
    story.handle = await client.start_workflow(
        AttemptWorkflow.run, again, id=attempt_workflow_id(attempt_id), task_queue=Queue.LIFECYCLE
    )


def _children(snapshot: m.AttemptInput) -> tuple[str, ...]:
    return snapshot.resumed.children if snapshot.resumed is not None else ()


async def _end(story: Story, workflow_id: str) -> None:
    try:
        await story.env.client.get_workflow_handle(workflow_id).terminate("with its attempt")
    except RPCError:
        return


async def finish(story: Story) -> None:
    """Hand in, release, and let the appeal window pass."""
    await story.until(lambda seen: seen.marking is Marking.MARKED and seen.integrity is not Integrity.PENDING)
    await story.until(lambda seen: seen.integrity is not Integrity.UNDETERMINED)
    await story.do(m.ReleaseResult)
    outcome = await story.workflow.result()
    assert (outcome.phase, outcome.release) == (Phase.SUBMITTED, Release.ARCHIVED)


BEFORE = [
    Phase.RESERVED,
    Phase.CHECKING_IN,
    Phase.AWAITING_ADMISSION,
    Phase.ADMITTED,
    Phase.IN_PROGRESS,
    Phase.PAUSED,
    Phase.TERMINATED,
]


@pytest.mark.parametrize("phase", BEFORE)
async def test_it_goes_on_from_every_phase(told: Story, phase: Phase) -> None:
    story = told.with_policy(**QUICK)
    before = await story.go_to(phase)

    await begin_again(story)
    after = await story.until(lambda seen: seen.version > before.version)

    same = {"version"}
    assert after.model_dump(exclude=same) == before.model_dump(exclude=same)
    await eventually(lambda: story.world.projections[-1].generation == 1)
    await _on_from(story, phase)
    await finish(story)
    versions = [step.version for step in story.world.steps]
    assert len(versions) == len(set(versions))
    assert story.world.story.count("submitted") == 1


async def _on_from(story: Story, phase: Phase) -> None:
    if phase is Phase.RESERVED:
        await story.do(m.BeginCheckIn)
    if phase in {Phase.RESERVED, Phase.CHECKING_IN}:
        for step in story.attempt.policy.check_in_steps:
            await story.do(m.RecordCheckIn, step=step)
    if phase in {Phase.RESERVED, Phase.CHECKING_IN, Phase.AWAITING_ADMISSION}:
        await story.do(m.Admit)
    if phase in set(BEFORE) - {Phase.IN_PROGRESS, Phase.PAUSED, Phase.TERMINATED}:
        await story.pass_until(story.attempt.slot.starts_at)
        await story.do(m.Start)
    if phase is Phase.PAUSED:
        await story.do(m.Resume)
        await story.do(m.ComeBack)
    if phase is Phase.TERMINATED:
        await story.do(m.Reactivate, reason="it was a mistake")
    await story.do(m.Submit)


async def test_an_operation_that_was_applied_is_not_applied_again(told: Story) -> None:
    await told.go_to(Phase.IN_PROGRESS)
    first = await told.do(m.Extend, by=timedelta(minutes=5), operation_id="extend-once")

    await begin_again(told)
    again = await told.do(m.Extend, by=timedelta(minutes=5), operation_id="extend-once")

    assert again.deadline_at == first.deadline_at


async def test_marking_under_way_keeps_what_graders_did(told: Story) -> None:
    story = told.with_policy(**QUICK)
    story.world.manual = (new_id(), new_id())
    await story.go_to(Phase.SUBMITTED)
    await story.until(lambda seen: seen.marking is Marking.AWAITING_GRADERS)
    await eventually(lambda: len(story.world.reviews) == 2)
    first = await decide(story, ReviewKind.ESSAY, essay_verdict())

    await begin_again(story)
    await decide(story, ReviewKind.ESSAY, essay_verdict())
    await finish(story)

    decided = [r for versions in story.world.reviews.values() for r in versions if r.decided_by is not None]
    assert len({review.review.review_id for review in decided}) == 2
    assert first in {review.review.review_id for review in decided}


async def decide(story: Story, kind: ReviewKind, verdict: Verdict, person_id: UUID | None = None) -> UUID:
    """Decide as soon as the review runs again; which one it was."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(RPCError):
                return (await story.decide(kind, verdict, person_id)).review.review_id
            await asyncio.sleep(0.05)


def a_phone(story: Story) -> IncidentSignal:
    kind = IncidentKind.FORBIDDEN_OBJECT
    return IncidentSignal(
        incident_id=new_id(), kind=kind, severity=SEVERITY[kind], confidence=1.0, started_at=story.now
    )


@pytest.mark.parametrize("decisions", [0, 1])
async def test_an_inquiry_goes_on_with_the_second_person(told: Story, decisions: int) -> None:
    story = told.with_policy(**QUICK)
    story.world.incidents = (a_phone(story),)
    verdict = IntegrityVerdict(outcome=IntegrityOutcome.UPHELD, reason="a phone")
    first, second = new_id(), new_id()
    await story.go_to(Phase.SUBMITTED)
    await story.until(lambda seen: seen.integrity is Integrity.PENDING and seen.marking is Marking.MARKED)
    if decisions:
        await decide(story, ReviewKind.INTEGRITY, verdict, first)
        await story.until(lambda seen: seen.integrity is Integrity.UPHELD_ONCE)
    await story.open_review(ReviewKind.INTEGRITY)

    await begin_again(story)
    if not decisions:
        await decide(story, ReviewKind.INTEGRITY, verdict, first)
        await story.until(lambda seen: seen.integrity is Integrity.UPHELD_ONCE)
    await decide(story, ReviewKind.INTEGRITY, verdict, second)
    await story.until(lambda seen: seen.integrity is Integrity.UPHELD)
    await finish(story)


async def test_incidents_found_before_count_after(told: Story) -> None:
    await told.go_to(Phase.IN_PROGRESS)
    told.world.known_incidents = (a_phone(told),)

    await begin_again(told)
    await told.do(m.Submit)

    await told.until(lambda seen: seen.integrity is Integrity.PENDING)


async def test_an_appeal_is_heard_and_leads_to_one_round(told: Story) -> None:
    story = told.with_policy(appeal_window=timedelta(seconds=3))
    await story.go_to(Phase.SUBMITTED)
    await story.until_settled()
    await story.do(m.ReleaseResult)
    await story.do(m.Appeal, appeal_id=new_id())
    story.world.manual = (new_id(),)
    await story.open_review(ReviewKind.APPEAL)  # else the decision could reach the one that is ended

    await begin_again(story)
    verdict = AppealVerdict(outcome=AppealOutcome.REMARK, reason="an answer was overlooked")
    await decide(story, ReviewKind.APPEAL, verdict)
    await story.until(lambda seen: seen.marking is Marking.AWAITING_GRADERS)
    await story.open_review(ReviewKind.ESSAY)
    await begin_again(story)
    await decide(story, ReviewKind.ESSAY, essay_verdict())
    outcome = await story.workflow.result()

    assert outcome.release is Release.ARCHIVED
    assert story.world.projections[-1].snapshot is not None
    rounds = {line for line in story.world.published if line.startswith("marked round")}
    assert rounds == {"marked round 1", "marked round 2"}


async def test_released_and_handed_over_are_found_as_they_are(told: Story) -> None:
    story = told.with_policy(appeal_window=timedelta(seconds=2))
    await story.go_to(Phase.SUBMITTED)
    await story.until_settled()
    await story.do(m.ReleaseResult)

    await begin_again(story)
    outcome = await story.workflow.result()
    reports = len(story.world.reports)
    again = story.world.projections[-1].snapshot
    assert again is not None
    story.handle = await story.env.client.start_workflow(
        AttemptWorkflow.run,
        again.model_copy(update={"generation": 2, "is_repaired": True}),
        id=attempt_workflow_id(story.attempt.attempt_id),
        task_queue=Queue.LIFECYCLE,
    )
    twice = await story.workflow.result()

    assert outcome == twice
    assert len(story.world.reports) == reports
    retention = story.env.client.get_workflow_handle(retention_workflow_id(story.attempt.attempt_id))
    assert (await retention.describe()).run_id


async def test_a_cancelled_one_gives_its_seat_back(told: Story) -> None:
    await told.go_to(Phase.RESERVED)
    await told.do(m.Cancel, role=ActorRole.ADMIN)
    await told.workflow.result()
    holder = told.attempt.attempt_id
    told.world.holders[holder] = told.attempt.slot.slot_id  # as if it had died before

    again = told.world.projections[-1].snapshot
    assert again is not None
    told.handle = await told.env.client.start_workflow(
        AttemptWorkflow.run,
        again.model_copy(update={"generation": 1, "is_repaired": True}),
        id=attempt_workflow_id(holder),
        task_queue=Queue.LIFECYCLE,
    )
    await told.workflow.result()

    await eventually(lambda: holder not in told.world.holders)
