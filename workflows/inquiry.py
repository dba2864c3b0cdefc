"""What people decide about an attempt: the integrity of it, and an appeal against its result."""

from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.coverage.activity import CoverageActivities
    from activities.incident import IncidentActivities
    from schema.attempt import Phase
    from schema.coverage.task import MeasureCoverage
    from schema.ids import review_id_for, review_workflow_id
    from schema.incident import SCORED_SEVERITIES
    from schema.lifecycle import SYSTEM, Actor
    from schema.machine import ActorRole
    from schema.outcome import Integrity, IntegrityVerb
    from schema.review import (
        AppealVerdict,
        IntegrityOutcome,
        IntegrityVerdict,
        ReviewDecision,
        ReviewInput,
        ReviewKind,
    )
    from schema.step import step_integrity
    from schema.task import MonitoringResult, RulingsDecided
    from workflows.desk import Desk
    from workflows.mirror import Mirror
    from workflows.options import MEASURE_COVERAGE, RECORD_RULINGS
    from workflows.patience import insist
    from workflows.reopening import Superseded
    from workflows.review import ReviewWorkflow
    from workflows.sitting import joined

VERB_FOR = {IntegrityOutcome.CLEARED: IntegrityVerb.CLEAR, IntegrityOutcome.UPHELD: IntegrityVerb.UPHOLD}


class Inquiry:
    """Software opens it, people decide it: an upheld one needs a second, different person."""

    def __init__(self, desk: Desk, mirror: Mirror) -> None:
        self._desk = desk
        self._mirror = mirror

    async def judge(self, found: MonitoringResult) -> None:
        """Open an inquiry where there are scored incidents or too little was watched, and see it through."""
        state = self._desk.state
        if state.phase is not Phase.SUBMITTED:
            raise Superseded
        state.incidents = (
            joined(state.incidents, found.incidents) if state.after.reopened else found.incidents
        )
        state.risk = state.after.risk + found.risk
        is_suspicious = any(
            incident.severity in SCORED_SEVERITIES and incident.incident_id not in state.after.cleared
            for incident in state.incidents
        )
        unwatched = await self._unwatched()
        verb = IntegrityVerb.OPEN if is_suspicious or unwatched else IntegrityVerb.FIND_NOTHING
        step_integrity(state, verb, SYSTEM, workflow.now(), unwatched)
        await self._mirror.project()
        await self._decide()

    async def go_on(self) -> None:
        """See an inquiry through that another run opened."""
        await self._decide()

    async def judge_again(self, by: Actor) -> None:
        """Open it once more after an appeal; where nothing was upheld there is nothing to open."""
        state = self._desk.state
        if state.integrity is not Integrity.UPHELD:
            return
        step_integrity(state, IntegrityVerb.REINVESTIGATE, by, workflow.now())
        state.integrity_round += 1
        await self._mirror.project()
        await self._decide()

    async def hear_appeal(self) -> tuple[AppealVerdict, Actor]:
        """The decision on the appeal and who made it; whoever upheld an inquiry first does not decide it."""
        state = self._desk.state
        biased = state.first_reviewer if state.integrity is Integrity.UPHELD else None
        if state.heard != state.appeals:  # else a repaired run, and the decision has led to another round
            state.appeal_round = state.round_number
        about = state.appeal_round or state.round_number
        decision = await self._review(ReviewKind.APPEAL, f"appeal:{state.appeals}", about, biased)
        if not isinstance(decision.verdict, AppealVerdict):
            raise TypeError(f"review {decision.review_id} of an appeal returned {decision.verdict.kind}")
        return decision.verdict, _reviewer(decision)

    async def _unwatched(self) -> str:
        """How little of the attempt was watched, in words; empty where it was enough, or the exam does not ask."""
        attempt, state = self._desk.attempt, self._desk.state
        if not attempt.measures_coverage or attempt.policy.coverage_minimum <= 0 or not state.submitted_at:
            return ""
        wanted = MeasureCoverage(
            attempt_id=attempt.attempt_id,
            clock=state.clock,
            until=state.submitted_at,
            minimum=attempt.policy.coverage_minimum,
        )
        coverage = await insist(
            lambda: workflow.execute_activity_method(
                CoverageActivities.measure_coverage, wanted, **MEASURE_COVERAGE
            )
        )
        if state.phase is not Phase.SUBMITTED:
            raise Superseded
        state.coverage = coverage
        return coverage.words if coverage is not None and coverage.is_short else ""

    async def _decide(self) -> None:
        if self._desk.state.integrity is Integrity.PENDING:
            self._desk.state.first_reviewer = await self._rule("integrity:1", None)
        if self._desk.state.integrity is Integrity.UPHELD_ONCE:
            await self._rule("integrity:2", self._desk.state.first_reviewer)

    async def _rule(self, subject: str, excluded: UUID | None) -> UUID:
        state = self._desk.state
        round_number = state.integrity_round
        decision = await self._review(ReviewKind.INTEGRITY, subject, round_number, excluded)
        if not isinstance(decision.verdict, IntegrityVerdict):
            raise TypeError(f"review {decision.review_id} of integrity returned {decision.verdict.kind}")
        await self._record(decision)
        if state.integrity_round != round_number:
            raise Superseded
        verdict = decision.verdict
        step_integrity(
            state, VERB_FOR[verdict.outcome], _reviewer(decision), decision.decided_at, verdict.reason
        )
        await self._mirror.project()
        return decision.decided_by

    async def _record(self, decision: ReviewDecision) -> None:
        rulings = RulingsDecided(attempt_id=self._desk.attempt.attempt_id, decision=decision)
        await insist(
            lambda: workflow.execute_activity_method(
                IncidentActivities.record_rulings, rulings, **RECORD_RULINGS
            )
        )

    async def _review(
        self, kind: ReviewKind, subject: str, round_number: int, excluded: UUID | None
    ) -> ReviewDecision:
        attempt, state = self._desk.attempt, self._desk.state
        review = ReviewInput(
            review_id=review_id_for(attempt.attempt_id, subject, round_number),
            attempt_id=attempt.attempt_id,
            exam_id=attempt.exam_id,
            organisation_id=attempt.organisation_id,
            kind=kind,
            subject=subject,
            round_number=round_number,
            excluded=(excluded,) if excluded is not None else (),
            policy=attempt.policy.review,
        )
        workflow_id = review_workflow_id(review.review_id)
        state.children = (*state.children, workflow_id)
        return await insist(lambda: _start(review, workflow_id))


async def _start(review: ReviewInput, workflow_id: str) -> ReviewDecision:
    return await workflow.execute_child_workflow(
        ReviewWorkflow.run,
        review,
        id=workflow_id,
        parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
        static_summary=f"Decide {review.subject}",
    )


def _reviewer(decision: ReviewDecision) -> Actor:
    return Actor(role=ActorRole.REVIEWER, person_id=decision.decided_by)
