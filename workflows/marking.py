"""The marking of an attempt: one GradingWorkflow per round, mirrored on the marking machine."""

from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schema.attempt import Phase
    from schema.fence import GRACE
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
    from workflows.reopening import Superseded

SNAPSHOT_DELAY = timedelta(seconds=1)  # the clocks of two machines differ


class MarkingRound:
    """Runs the current round to its end; a further one after an appeal."""

    def __init__(self, desk: Desk, mirror: Mirror) -> None:
        self._desk = desk
        self._mirror = mirror
        self._carries_over = False

    async def await_what_is_on_its_way(self) -> None:
        """Answers that arrive within seconds of the end count: the snapshot comes after them.

        Histories from before 2026-12 marked at once; whatever came after their snapshot is late.
        """
        ended_at = self._desk.state.submitted_at
        if ended_at is None or not workflow.patched("2026-11-answers-on-their-way"):
            return
        left = ended_at + GRACE + SNAPSHOT_DELAY - workflow.now()
        if left > timedelta(0):
            await workflow.sleep(left, summary="Answers that are on their way count")

    async def mark(self) -> None:
        """Until everything is marked, by rule and by graders."""
        state = self._desk.state
        state.after = state.after.model_copy(update={"remark_wanted": False})
        round_number = state.round_number
        self._carries_over = self._carries_over or state.after.reopened > 0
        result = await insist(self._grade)
        if state.round_number != round_number:
            raise Superseded
        self._complete(result)
        await self._mirror.project()

    async def mark_again(self, by: Actor, *, carries_over: bool = False) -> None:
        """A new round, as a person decided."""
        state = self._desk.state
        step_marking(state, MarkingVerb.REMARK, by, workflow.now())
        state.round_number += 1
        self._carries_over = carries_over
        await self._mirror.project()
        await self.mark()

    async def keep_up(self, is_over: Callable[[], bool]) -> None:
        """Mark again for late answers that are accepted, until it is over and none is being accepted."""
        state = self._desk.state
        while True:
            await workflow.wait_condition(
                lambda: state.after.remark_wanted or (is_over() and not state.after.accepting)
            )
            if not state.after.remark_wanted:
                return
            await self.mark_again(SYSTEM, carries_over=True)

    def learn(self, automatic: AutomaticMarking) -> None:
        """The round's automatic part is done; graders are asked for the rest."""
        state = self._desk.state
        is_other = automatic.round_number not in {0, state.round_number}
        if state.marking is not Marking.PENDING or state.phase is not Phase.SUBMITTED or is_other:
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
            carries_over=self._carries_over,
            counting=attempt.policy.counts,
        )
