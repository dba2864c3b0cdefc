"""The marking of an attempt: one GradingWorkflow per round, mirrored on the marking machine."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schema.ids import grading_workflow_id, review_id_for, review_workflow_id
    from schema.lifecycle import SYSTEM, Actor
    from schema.machine import ActorRole
    from schema.outcome import Marking, MarkingVerb
    from schema.step import step_marking
    from schema.task import AutomaticMarking, GradingInput, GradingResult
    from workflows.desk import Desk
    from workflows.grading import GradingWorkflow
    from workflows.mirror import Mirror
    from workflows.patience import insist


class MarkingRound:
    """Runs the current round to its end; a further one after an appeal."""

    def __init__(self, desk: Desk, mirror: Mirror) -> None:
        self._desk = desk
        self._mirror = mirror

    async def mark(self) -> None:
        """Until everything is marked, by rule and by graders."""
        result = await insist(self._grade)
        self._complete(result)
        await self._mirror.project()

    async def mark_again(self, by: Actor) -> None:
        """A new round, as a reviewer decided."""
        state = self._desk.state
        step_marking(state, MarkingVerb.REMARK, by, workflow.now())
        state.round_number += 1
        await self._mirror.project()
        await self.mark()

    def learn(self, automatic: AutomaticMarking) -> None:
        """The round's automatic part is done; graders are asked for the rest."""
        state = self._desk.state
        if state.marking is not Marking.PENDING:
            return
        step_marking(state, MarkingVerb.MARK_AUTOMATICALLY, SYSTEM, workflow.now())
        if automatic.manual:
            step_marking(state, MarkingVerb.ASK_GRADERS, SYSTEM, workflow.now())
        for question_id in automatic.manual:
            review_id = review_id_for(self._desk.attempt.attempt_id, str(question_id), state.round_number)
            state.children = (*state.children, review_workflow_id(review_id))

    def _complete(self, result: GradingResult) -> None:
        state = self._desk.state
        # A GradingWorkflow tells its attempt before it returns; only one that was started anew may not have.
        self.learn(AutomaticMarking(manual=()))
        grader = Actor(role=ActorRole.GRADER, person_id=result.graders[-1] if result.graders else None)
        by_grader = state.marking is Marking.AWAITING_GRADERS
        step_marking(state, MarkingVerb.COMPLETE, grader if by_grader else SYSTEM, workflow.now())

    async def _grade(self) -> GradingResult:
        attempt, state = self._desk.attempt, self._desk.state
        workflow_id = grading_workflow_id(attempt.attempt_id, state.round_number)
        if workflow_id not in state.children:
            state.children = (*state.children, workflow_id)
        return await workflow.execute_child_workflow(
            GradingWorkflow.run,
            self._grading_input(),
            id=workflow_id,
            parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
            static_summary=f"Mark round {state.round_number} of attempt {attempt.attempt_id}",
        )

    def _grading_input(self) -> GradingInput:
        attempt = self._desk.attempt
        return GradingInput(
            attempt_id=attempt.attempt_id,
            organisation_id=attempt.organisation_id,
            exam_id=attempt.exam_id,
            exam_version=attempt.exam_version,
            student_id=attempt.student_id,
            cohort_id=attempt.cohort_id,
            round_number=self._desk.state.round_number,
            pass_mark=attempt.policy.pass_mark,
            remind_after=attempt.policy.review.remind_after,
            escalate_after=attempt.policy.review.escalate_after,
        )
