"""The story of one exam attempt: reserve, await the exam, sit, close, grade and judge, release, archive."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from schema.attempt import FINAL_PHASES, SITTING_PHASES, Phase
    from schema.conduct import is_settled
    from schema.ending import AttemptOutcome
    from schema.exam import ReleaseRule
    from schema.ids import retention_workflow_id
    from schema.lifecycle import SYSTEM, TIMER, AttemptInput
    from schema.orphan import ENDED, retention_input
    from schema.outcome import INTEGRITY, MARKING, Integrity, Release, ReleaseVerb
    from schema.review import AppealOutcome
    from schema.step import step_release
    from schema.task import AlertRaised, AutomaticMarking
    from workflows.archiving import write_report
    from workflows.clock import Alarm, wait_for
    from workflows.command import AttemptCommands
    from workflows.desk import Desk
    from workflows.inquiry import Inquiry
    from workflows.late import LateAnswers
    from workflows.marking import MarkingRound
    from workflows.mirror import Mirror
    from workflows.patience import insist
    from workflows.reopening import unless, withdraw
    from workflows.retention import RetentionWorkflow
    from workflows.seat import Seat
    from workflows.settlement import Settlement
    from workflows.sitting import Sitting

BEFORE_SITTING = frozenset(Phase) - FINAL_PHASES - SITTING_PHASES


@workflow.defn
class AttemptWorkflow(AttemptCommands):
    """One student's one run of one exam, id `attempt:{attempt_id}`.

    Fails with the reason when no seat can be held; otherwise it returns where everything ended.
    """

    @workflow.init
    def __init__(self, attempt: AttemptInput) -> None:
        self._desk = Desk(attempt, workflow.now())
        self._seat = Seat(self._desk)
        self._mirror = Mirror(self._desk)
        self._settlement = Settlement(self._desk)
        self._sitting = Sitting(self._desk)
        self._marking = MarkingRound(self._desk, self._mirror)
        self._inquiry = Inquiry(self._desk, self._mirror)
        self._late = LateAnswers(self._desk)
        self._has_judged = False
        self._watching_again: asyncio.Task[None] | None = None
        self._ended_at = workflow.now()

    @workflow.run
    async def run(self, attempt: AttemptInput) -> AttemptOutcome:
        """The phases in order; each returns at once where it does not apply."""
        await self._take_over(attempt)
        await self._reserve()
        await self._await_exam()
        while True:
            await self._sit()
            await self._close()
            await self._grade_and_judge()
            await self._release()
            if not self._is_reopened():
                break
        await self._archive()
        await self._hand_over_for_retention()
        return await self._leave()

    @workflow.signal
    async def alert_raised(self, alert: AlertRaised) -> None:
        """Monitoring told the proctors; operators and screens shall see the risk."""
        self._desk.state.risk = max(self._desk.state.risk, alert.risk)
        self._desk.touch()
        await self._mirror.project()

    @workflow.signal
    async def marked_automatically(self, automatic: AutomaticMarking) -> None:
        """Grading has done what needs no grader."""
        self._marking.learn(automatic)
        await self._mirror.project()

    @workflow.signal
    async def seat_assigned(self) -> None:
        """A seat became free and the database gave it to this attempt, the first on the waiting list."""
        await self._seat.answered()
        await self._settlement.before_command()
        self._desk.promote(workflow.now())
        await self._mirror.project()

    async def _take_over(self, attempt: AttemptInput) -> None:
        """Where this run begins a generation: write first, so that a run of the one before can write no more."""
        if not attempt.is_repaired:
            return
        self._late.take_over()
        self._desk.touch()
        await self._mirror.project()

    async def _reserve(self) -> None:
        if self._desk.is_resumed:
            return
        self._mirror.show()
        await self._seat.hold()
        if self._seat.refusal is not None:
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise self._seat.refusal
        self._mirror.show()

    async def _await_exam(self) -> None:
        while self._desk.state.phase in BEFORE_SITTING:
            await self._let_time_pass(BEFORE_SITTING)
            if self._may_begin_new_run():
                await self._begin_new_run()
        if self._desk.state.phase in FINAL_PHASES - {Phase.SUBMITTED} and not self._has_sat():
            await self._seat.release()

    async def _sit(self) -> None:
        if self._desk.state.phase not in SITTING_PHASES:
            return
        if self._desk.state.after.reopened:
            # The exam goes on at once; watching follows when the frames from before are accounted for.
            self._watching_again = asyncio.create_task(self._sitting.begin_again(self._mirror.reopen_feed))
        else:
            await self._sitting.begin()
        while self._desk.state.phase in SITTING_PHASES:
            await self._let_time_pass(SITTING_PHASES)

    async def _close(self) -> None:
        if not self._has_sat() or self._is_judged():
            return
        self._learn_to_reopen()
        await self._mirror.project()
        if self._watching_again is not None:
            await self._watching_again
        await self._mirror.close_feed()
        if self._desk.state.phase is Phase.VOIDED:
            found = await self._sitting.finish()
            self._desk.state.incidents, self._desk.state.risk = found.incidents, found.risk
            await self._seat.release()

    async def _grade_and_judge(self) -> None:
        """Marks and integrity do not wait for each other; once both stand, a new run begins."""
        if self._desk.state.phase is not Phase.SUBMITTED or self._is_judged():
            return
        if not self._desk.state.after.can_reopen:  # histories from before 2026-12
            await asyncio.gather(self._mark(), self._judge())
        else:
            self._has_judged = False
            if not await unless(self._is_reopened, self._withdraw, self._mark(), self._judge()):
                return
        await self._begin_new_run()

    async def _mark(self) -> None:
        if self._desk.state.marking not in MARKING.final:  # as it may be in a repaired run
            await self._marking.await_what_is_on_its_way()
            await self._marking.mark()
        await self._marking.keep_up(lambda: self._has_judged)

    async def _judge(self) -> None:
        """From where it stands: only a repaired run finds an inquiry that is open or over."""
        if self._desk.state.integrity is Integrity.UNDETERMINED:
            await self._inquiry.judge(await self._sitting.finish())
        elif self._desk.state.integrity not in INTEGRITY.final:
            await self._inquiry.go_on()
        self._has_judged = True

    async def _release(self) -> None:
        if self._desk.state.phase is not Phase.SUBMITTED:
            return
        self._learn_to_reopen()
        while self._desk.state.release not in {Release.FINAL, *ENDED}:
            if not await unless(self._is_reopened, self._withdraw, self._marking.keep_up(lambda: True)):
                return
            await self._await_release()
            if self._is_reopened():
                return
            await self._await_appeal()
            await self._settle_appeal()

    async def _await_release(self) -> None:
        state = self._desk.state
        if state.release is Release.WITHHELD and self._desk.attempt.policy.release is ReleaseRule.WHEN_READY:
            step_release(state, ReleaseVerb.RELEASE, SYSTEM, workflow.now())
            state.released_at = workflow.now()
        await self._mirror.project()
        await workflow.wait_condition(
            lambda: state.release is not Release.WITHHELD or state.after.is_under_way or self._is_reopened()
        )

    async def _await_appeal(self) -> None:
        state = self._desk.state
        if state.release is not Release.RELEASED or state.released_at is None:
            return
        over = Alarm(state.released_at + self._desk.attempt.policy.appeal_window, "appeal window")
        due = await wait_for(lambda: over, lambda: state.release is not Release.RELEASED)
        if due is not None:
            step_release(state, ReleaseVerb.FINALISE, TIMER, due.at)
            await self._mirror.project()

    async def _settle_appeal(self) -> None:
        state = self._desk.state
        if state.release is not Release.APPEALED:
            return
        verdict, reviewer = await self._inquiry.hear_appeal()
        is_begun, state.heard = state.heard == state.appeals, state.appeals
        if is_begun:
            await self._finish_what_an_appeal_began()
        elif verdict.outcome is AppealOutcome.REMARK:
            await self._marking.mark_again(reviewer)
        elif verdict.outcome is AppealOutcome.REINVESTIGATE:
            await self._inquiry.judge_again(reviewer)
        step_release(state, ReleaseVerb.SETTLE, reviewer, workflow.now(), verdict.outcome)
        await self._mirror.project()

    async def _finish_what_an_appeal_began(self) -> None:
        """A repaired run: the round or the inquiry that the decision led to is under way, or over."""
        await asyncio.gather(self._mark(), self._judge())

    async def _archive(self) -> None:
        """A report where there was a sitting; without one there is nothing to report."""
        attempt, state = self._desk.attempt, self._desk.state
        self._ended_at = state.ended_at = state.ended_at or workflow.now()
        if not self._has_sat() or state.release in ENDED:
            return
        written = await insist(lambda: write_report(attempt, state, self._ended_at))
        state.report_name = written.report_name
        self._desk.touch()
        if state.release is Release.FINAL:
            step_release(state, ReleaseVerb.ARCHIVE, SYSTEM, workflow.now())
        await self._mirror.project()

    async def _hand_over_for_retention(self) -> None:
        """Every end leads here: there may be an identity photo even where there was no exam."""
        attempt = self._desk.attempt
        try:
            await workflow.start_child_workflow(
                RetentionWorkflow.run,
                retention_input(attempt, self._desk.state, self._ended_at),
                id=retention_workflow_id(attempt.attempt_id),
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                static_summary=f"Keep and delete the data of attempt {attempt.attempt_id}",
            )
        except WorkflowAlreadyStartedError:
            workflow.logger.info("attempt %s was handed over before", attempt.attempt_id)

    async def _leave(self) -> AttemptOutcome:
        await self._mirror.settle()
        state = self._desk.state
        return AttemptOutcome(
            attempt_id=self._desk.attempt.attempt_id,
            phase=state.phase,
            marking=state.marking,
            integrity=state.integrity,
            release=state.release,
            report_name=state.report_name,
        )

    async def _let_time_pass(self, phases: frozenset[Phase]) -> None:
        """Until the next alarm has rung or these phases are over."""
        due = await wait_for(
            self._desk.alarm, lambda: self._desk.state.phase not in phases or self._may_begin_new_run()
        )
        if due is not None and not await self._settlement.moves(due):
            self._desk.ring(due)
        await self._mirror.project()

    def _may_begin_new_run(self) -> bool:
        """Where no child is open and the history has grown long."""
        return self._desk.state.phase is Phase.RESERVED and workflow.info().is_continue_as_new_suggested()

    async def _begin_new_run(self) -> None:
        """Continue as new: no child is open, everything is written, the applied operations go along."""
        await self._mirror.settle()
        resumed = self._desk.attempt.model_copy(update={"resumed": self._desk.state})
        workflow.continue_as_new(resumed)

    async def _withdraw(self) -> None:
        await withdraw(self._desk.state.children)

    def _is_reopened(self) -> bool:
        return self._desk.state.phase in SITTING_PHASES

    def _learn_to_reopen(self) -> None:
        """Histories from before 2026-12 give other commands when they are reopened: they refuse it."""
        after = self._desk.state.after
        if not after.can_reopen and workflow.patched("2026-11-reopen"):
            self._desk.state.after = after.model_copy(update={"can_reopen": True})

    def _has_sat(self) -> bool:
        return self._desk.state.clock.started_at is not None

    def _is_judged(self) -> bool:
        """Only a run that continues another one begins with both settled."""
        return self._desk.is_resumed and is_settled(self._desk.state)
