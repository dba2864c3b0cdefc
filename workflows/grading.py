"""The story of one marking round: by rule at once, then a review for every answer that needs a grader, then the sum."""

import asyncio
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.marking import MarkingActivities
    from schema.exam import ReviewPolicy
    from schema.failures import FailureType
    from schema.grading import RoundResult
    from schema.ids import review_id_for, review_workflow_id
    from schema.review import ReviewDecision, ReviewInput, ReviewKind
    from schema.task import AutomaticMarking, CompleteRound, EssayMarked, GradingInput, GradingResult
    from workflows.options import COMPLETE_ROUND, MARK_AUTOMATICALLY, WRITE_ESSAY
    from workflows.patience import insist, refusal_of
    from workflows.review import ReviewWorkflow


@workflow.defn
class GradingWorkflow:
    """A marking round, id `grading:{attempt_id}:{round}`."""

    @workflow.init
    def __init__(self, grading: GradingInput) -> None:
        self._grading = grading

    @workflow.run
    async def run(self, grading: GradingInput) -> GradingResult:
        """Mark by rule, tell the attempt, wait for the graders, add up."""
        automatic = await self._mark_automatically()
        await self._tell_attempt(automatic)
        graders = await asyncio.gather(*(self._have_graded(question) for question in automatic.manual))
        return GradingResult(result=await self._complete(), graders=tuple(graders))

    async def _mark_automatically(self) -> AutomaticMarking:
        self._show("being marked by rule")
        return await insist(
            lambda: workflow.execute_activity_method(
                MarkingActivities.mark_automatically, self._grading, **MARK_AUTOMATICALLY
            )
        )

    async def _tell_attempt(self, automatic: AutomaticMarking) -> None:
        """By name, for the attempt's workflow is the one that knows this one."""
        self._show(f"{len(automatic.manual)} answers wait for graders")
        parent = workflow.info().parent
        if parent is None:
            return
        attempt = workflow.get_external_workflow_handle(parent.workflow_id)
        try:
            await attempt.signal("marked_automatically", automatic)
        except FailureError:
            workflow.logger.warning("attempt %s is gone", self._grading.attempt_id)

    async def _have_graded(self, question_id: UUID) -> UUID:
        """The grader whose marks were taken; marks that do not fit the rubric are asked for again."""
        tries = 0
        while True:
            tries += 1
            decision = await insist(lambda: self._review(question_id, tries))  # noqa: B023 - awaited at once
            if await self._is_written(question_id, decision):
                return decision.decided_by

    async def _is_written(self, question_id: UUID, decision: ReviewDecision) -> bool:
        marked = EssayMarked(grading=self._grading, question_id=question_id, decision=decision)
        try:
            await workflow.execute_activity_method(MarkingActivities.write_essay, marked, **WRITE_ESSAY)
        except ActivityError as error:
            refusal = refusal_of(error)
            if refusal is None or refusal.type != FailureType.INVALID:
                raise
            workflow.logger.warning("marks of question %s refused: %s", question_id, refusal.message)
            return False
        return True

    async def _review(self, question_id: UUID, tries: int) -> ReviewDecision:
        grading = self._grading
        name = str(question_id) if tries == 1 else f"{question_id}/{tries}"
        review = ReviewInput(
            review_id=review_id_for(grading.attempt_id, name, grading.round_number),
            attempt_id=grading.attempt_id,
            exam_id=grading.exam_id,
            organisation_id=grading.organisation_id,
            kind=ReviewKind.ESSAY,
            subject=str(question_id),
            round_number=grading.round_number,
            policy=ReviewPolicy(remind_after=grading.remind_after, escalate_after=grading.escalate_after),
        )
        return await workflow.execute_child_workflow(
            ReviewWorkflow.run,
            review,
            id=review_workflow_id(review.review_id),
            parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
            static_summary=f"Mark the answer to {question_id}",
        )

    async def _complete(self) -> RoundResult:
        request = CompleteRound(grading=self._grading, at=workflow.now())
        result = await insist(
            lambda: workflow.execute_activity_method(
                MarkingActivities.complete_round, request, **COMPLETE_ROUND
            )
        )
        self._show(f"complete: {result.earned} of {result.points} points")
        return result

    def _show(self, where: str) -> None:
        grading = self._grading
        workflow.set_current_details(
            f"Round {grading.round_number} of attempt `{grading.attempt_id}` is **{where}**"
        )
