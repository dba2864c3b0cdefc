"""The story of one act on many attempts: each is asked once, a few at a time, and each answer is counted."""

import asyncio
from collections import Counter
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.cohort import CohortActivities
    from schema.cohort import (
        Acknowledgement,
        AskOne,
        AttemptBatch,
        CohortInput,
        CohortProgress,
        NextAttempts,
    )
    from workflows.options import ASK_ONE, FINISH_OPERATION, NEXT_ATTEMPTS, RECORD_SILENCE
    from workflows.patience import insist
    from workflows.search import EXAM

AT_ONCE = 10


@workflow.defn
class CohortWorkflow:
    """An operation, id `cohort:{exam_id}:{operation_id}`; returns how many did it, refused it, did not answer."""

    @workflow.init
    def __init__(self, cohort: CohortInput) -> None:
        self._cohort = cohort
        self._progress = cohort.resumed or CohortProgress()
        self._room = asyncio.Semaphore(AT_ONCE)

    @workflow.run
    async def run(self, cohort: CohortInput) -> CohortProgress:
        """Batch by batch until nobody is left to ask."""
        workflow.upsert_search_attributes([EXAM.value_set(str(cohort.exam_id))])
        while (batch := await self._next()).attempt_ids:
            await self._ask(batch)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(cohort.model_copy(update={"resumed": self._progress}))
        await self._finish()
        return self._progress

    @workflow.query
    def progress(self) -> CohortProgress:
        """How far it is."""
        return self._progress

    async def _next(self) -> AttemptBatch:
        self._show()
        request = NextAttempts(
            operation_id=self._cohort.operation_id,
            after=self._progress.after,
            limit=self._cohort.batch,
        )
        return await insist(
            lambda: workflow.execute_activity_method(CohortActivities.next_attempts, request, **NEXT_ATTEMPTS)
        )

    async def _ask(self, batch: AttemptBatch) -> None:
        answers = await asyncio.gather(*(self._ask_in_turn(attempt_id) for attempt_id in batch.attempt_ids))
        counted = Counter(answers)
        self._progress.done += counted[Acknowledgement.DONE]
        self._progress.refused += counted[Acknowledgement.REFUSED]
        self._progress.unanswered += counted[Acknowledgement.UNANSWERED]
        self._progress.after = batch.last

    async def _ask_in_turn(self, attempt_id: UUID) -> Acknowledgement:
        request = AskOne(operation_id=self._cohort.operation_id, attempt_id=attempt_id)
        async with self._room:
            try:
                return await workflow.execute_activity_method(CohortActivities.ask_one, request, **ASK_ONE)
            except ActivityError as error:
                if is_cancelled_exception(error):
                    raise
            return await insist(
                lambda: workflow.execute_activity_method(
                    CohortActivities.record_silence, request, **RECORD_SILENCE
                )
            )

    async def _finish(self) -> None:
        self._show()
        await insist(
            lambda: workflow.execute_activity_method(
                CohortActivities.finish_operation, self._cohort.operation_id, **FINISH_OPERATION
            )
        )

    def _show(self) -> None:
        progress, cohort = self._progress, self._cohort
        workflow.set_current_details(
            f"**{cohort.verb}** for {cohort.total} attempts of exam `{cohort.exam_id}`\n"
            f"- asked: {progress.after}\n- done: {progress.done}\n- refused: {progress.refused}\n"
            f"- no answer: {progress.unanswered}"
        )
