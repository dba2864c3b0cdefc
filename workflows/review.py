"""The story of one human decision: it waits, somebody takes it, people are reminded, admins are told, it is decided."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.failure import as_application_error
    from activities.review import ReviewActivities
    from schema import ruling
    from schema.failures import Failure
    from schema.notice import Audience, Notify, Occasion
    from schema.review import (
        Claim,
        Decide,
        GiveBack,
        ReviewDecision,
        ReviewInput,
        ReviewKind,
        ReviewStage,
        ReviewState,
    )
    from workflows.options import PROJECT_REVIEW
    from workflows.patience import insist
    from workflows.post import Post
    from workflows.unwritten import UnwrittenActs

C = TypeVar("C", Claim, GiveBack, Decide)

AUDIENCE = {
    ReviewKind.ESSAY: Audience.GRADERS,
    ReviewKind.INTEGRITY: Audience.REVIEWERS,
    ReviewKind.APPEAL: Audience.REVIEWERS,
}
MOST_REFUSALS = 20  # kept; whoever sends more invalid signals than that is seen in the worker's log


@workflow.defn
class ReviewWorkflow:
    """A review, id `review:{review_id}`; people decide by update, machines by signal with the same model."""

    @workflow.init
    def __init__(self, review: ReviewInput) -> None:
        self._state: ReviewState = ruling.open_review(review, workflow.now())
        self._post = Post()
        self._lock = asyncio.Lock()
        self._written = 0
        self._acts = UnwrittenActs()

    @workflow.run
    async def run(self, review: ReviewInput) -> ReviewDecision:
        """Open, remind, escalate, decide."""
        try:
            await self._open()
            await self._remind()
            await self._escalate()
            await self._await_decision()
            return await self._leave()
        except asyncio.CancelledError:
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise

    @workflow.query
    def review(self) -> ReviewState:
        """The review as it stands."""
        return self._state

    @workflow.update
    async def claim(self, command: Claim) -> ReviewState:
        """Take the review, or hand it to somebody as an admin. Fails with illegal_move or forbidden."""
        before = self._state.assignee_id
        await self._act(command, self._claim)
        if command.assignee_id not in {before, command.person_id}:
            self._tell(Occasion.REVIEW_ASSIGNED, Audience.PERSON)
        return self._state

    @claim.validator
    def _check_claim(self, command: Claim) -> None:
        self._claim(self._state.model_copy(), command)

    @workflow.update
    async def give_back(self, command: GiveBack) -> ReviewState:
        """Put it back into the queue. Fails with illegal_move or forbidden."""
        await self._act(command, self._give_back)
        return self._state

    @give_back.validator
    def _check_give_back(self, command: GiveBack) -> None:
        self._give_back(self._state.model_copy(), command)

    @workflow.update
    async def decide(self, command: Decide) -> ReviewState:
        """Decide. Fails with illegal_move, forbidden or invalid."""
        at = workflow.now()
        await self._act(command, lambda state, wanted: self._decide(state, wanted, at))
        return self._state

    @decide.validator
    def _check_decide(self, command: Decide) -> None:
        self._decide(self._state.model_copy(), command, workflow.now())

    @workflow.signal
    async def project_again(self) -> None:
        """The row and this run do not agree: ask the row, which knows better where it is newer."""
        self._written = -1
        await self._project()

    @workflow.signal
    async def complete_review(self, command: Decide) -> None:
        """Decide; an invalid one is recorded and ignored, for there is nobody to tell."""
        try:
            ruling.decide(self._state, command, workflow.now())
        except Failure as failure:
            workflow.logger.warning("signal complete_review ignored: %s", failure.message)
            if len(self._state.refused) < MOST_REFUSALS:
                ruling.refuse(self._state, failure.message)
        await self._project()

    @workflow.signal
    async def withdraw(self) -> None:
        """The attempt was reopened: what was to be decided is no longer asked; it is cancelled next."""
        if not self._is_decided():
            self._state.stage = ReviewStage.WITHDRAWN
            self._state.version += 1
        await self._project()

    async def _open(self) -> None:
        await self._project()
        if not self._was_decided():
            self._tell(Occasion.REVIEW_WAITING, AUDIENCE[self._state.review.kind])

    async def _remind(self) -> None:
        if await self._is_decided_within(self._state.review.policy.remind_after, "reminder"):
            return
        self._state.reminded = True
        self._state.version += 1
        is_assigned = self._state.assignee_id is not None
        self._tell(
            Occasion.REVIEW_REMINDER, Audience.PERSON if is_assigned else AUDIENCE[self._state.review.kind]
        )
        await self._project()

    async def _escalate(self) -> None:
        left = self._state.escalate_at - workflow.now()
        if left <= timedelta(0) and self._was_decided():
            return
        if await self._is_decided_within(max(left, timedelta(0)), "escalation"):
            return
        self._state.escalated = True
        self._state.version += 1
        self._tell(Occasion.REVIEW_ESCALATED, Audience.ADMINS)
        await self._project()

    async def _await_decision(self) -> None:
        await workflow.wait_condition(self._is_decided)

    async def _leave(self) -> ReviewDecision:
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self._project()
        await self._post.delivered()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return ruling.decision_of(self._state)

    def _is_decided(self) -> bool:
        return self._state.stage is ReviewStage.DECIDED

    def _was_decided(self) -> bool:
        """A run that was started again learns from its row that it is decided: nobody is to be told that it waits."""
        return self._is_decided() and workflow.patched("2026-12-decided-review")

    async def _is_decided_within(self, time: timedelta, name: str) -> bool:
        try:
            await workflow.wait_condition(self._is_decided, timeout=time, timeout_summary=name)
        except TimeoutError:
            return False
        return True

    def _claim(self, state: ReviewState, command: Claim) -> None:
        try:
            ruling.claim(state, command)
        except Failure as failure:
            raise as_application_error(failure) from failure

    def _give_back(self, state: ReviewState, command: GiveBack) -> None:
        try:
            ruling.give_back(state, command)
        except Failure as failure:
            raise as_application_error(failure) from failure

    def _decide(self, state: ReviewState, command: Decide, at: datetime) -> None:
        try:
            ruling.decide(state, command, at)
        except Failure as failure:
            raise as_application_error(failure) from failure

    async def _act(self, command: C, apply: Callable[[ReviewState, C], None]) -> None:
        """Apply a person's command and write it. Raises what it is refused with, by this run or by the newer row."""
        apply(self._state, command)
        self._acts.add(command.operation_id, lambda state: apply(state, command))
        await self._project()
        self._acts.raise_refusal(command.operation_id)

    async def _project(self) -> None:
        """Write the row in the order of its versions; the lock keeps two handlers from overtaking each other."""
        wanted = self._state.version
        self._show()
        async with self._lock:
            if self._written >= wanted:
                return
            while (known := await self._write()) is not None:
                self._state, self._written = known, known.version
                self._acts.repeat_on(self._state)
                if self._state.version == known.version:
                    return

    async def _write(self) -> ReviewState | None:
        """Write the row; returns what is written instead where the row knows better."""
        snapshot, held = self._state.model_copy(), self._acts.pending
        known = await insist(
            lambda: workflow.execute_activity_method(
                ReviewActivities.project_review, snapshot, **PROJECT_REVIEW
            )
        )
        if known is None:
            self._written = snapshot.version
            self._acts.confirm(held)
        return known

    def _show(self) -> None:
        state = self._state
        workflow.set_current_details(
            f"**{state.review.kind}** `{state.review.subject}` is **{state.stage}**\n"
            f"- attempt `{state.review.attempt_id}`, assigned to `{state.assignee_id}`\n"
            f"- reminder {state.remind_at:%F %T}, escalation {state.escalate_at:%F %T} UTC\n"
            f"- ignored signals: {len(state.refused)}"
        )

    def _tell(self, occasion: Occasion, audience: Audience) -> None:
        state, review = self._state, self._state.review
        to_person = audience is Audience.PERSON
        key = f"{review.review_id}/{state.assignee_id}" if to_person else f"{review.review_id}"
        notice = Notify(
            occasion=occasion,
            key=key,
            audience=audience,
            attempt_id=review.attempt_id,
            exam_id=review.exam_id,
            person_id=state.assignee_id if to_person else None,
            excluded=review.excluded,
            facts=self._facts(),
            at=workflow.now(),
        )
        self._post.send(notice)

    def _facts(self) -> dict[str, str]:
        state, review = self._state, self._state.review
        return {
            "review_id": str(review.review_id),
            "review_kind": review.kind,
            "subject": review.subject,
            "opened_at": state.opened_at.isoformat(),
            "remind_at": state.remind_at.isoformat(),
            "escalate_at": state.escalate_at.isoformat(),
        }
