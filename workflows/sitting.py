"""The monitoring that goes with a sitting: begun with it, told when it is over, and waited for."""

import asyncio
from collections.abc import Awaitable, Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schema.ids import monitoring_workflow_id
    from schema.incident import IncidentSignal
    from schema.lifecycle import AttemptInput
    from schema.task import MonitoringInput, MonitoringResult
    from workflows.desk import Desk
    from workflows.monitoring import MonitoringWorkflow
    from workflows.patience import insist

Monitoring = workflow.ChildWorkflowHandle[MonitoringWorkflow, MonitoringResult]


class Sitting:
    """One MonitoringWorkflow; should it break, another one goes on from its checkpoint."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._child: Monitoring | None = None
        self._finishing: asyncio.Task[MonitoringResult] | None = None

    async def begin(self) -> None:
        """Start monitoring."""
        self._child = await insist(self._start)

    async def begin_again(self, reopen_feed: Callable[[], Awaitable[None]]) -> None:
        """Monitoring of a reopened attempt: once the one before has accounted for its frames, another goes on.

        Where that was in an earlier run, its incidents and risk are in the state already.
        """
        state = self._desk.state
        if self._child is None:
            state.after = state.after.model_copy(update={"risk": state.risk})
        else:
            found = await self.finish()
            state.incidents = joined(state.incidents, found.incidents)
            state.after = state.after.model_copy(update={"risk": state.after.risk + found.risk})
        await reopen_feed()
        self._child, self._finishing = await insist(self._start), None

    async def finish(self) -> MonitoringResult:
        """Say that the attempt has ended, and wait until every accepted frame is accounted for."""
        if not self._desk.state.after.can_reopen:
            return await insist(self._finish)
        # One waiting for all: whoever is cancelled because the attempt is reopened does not end the watching.
        if self._finishing is None:
            self._finishing = asyncio.create_task(insist(self._finish))
        return await asyncio.shield(self._finishing)

    async def _finish(self) -> MonitoringResult:
        if self._child is None or self._child.done():
            self._child = await self._start()
        await self._child.signal(MonitoringWorkflow.attempt_ended)
        return await self._child

    async def _start(self) -> Monitoring:
        attempt, state = self._desk.attempt, self._desk.state
        workflow_id = monitoring_workflow_id(attempt.attempt_id)
        if workflow_id not in state.children:
            state.children = (*state.children, workflow_id)
        # An attempt that is cancelled or terminated from outside asks its monitoring to end in good order.
        return await workflow.start_child_workflow(
            MonitoringWorkflow.run,
            monitoring_input(attempt, state.identity_photo),
            id=workflow_id,
            parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
            static_summary=f"Watch attempt {attempt.attempt_id}",
        )


def joined(
    before: tuple[IncidentSignal, ...], found: tuple[IncidentSignal, ...]
) -> tuple[IncidentSignal, ...]:
    """Each incident once, as it was known last."""
    known = {incident.incident_id: incident for incident in (*before, *found)}
    return tuple(known.values())


def monitoring_input(attempt: AttemptInput, identity_photo: str = "") -> MonitoringInput:
    """What watching needs to know of an attempt; the photo only where the exam compares faces with it."""
    return MonitoringInput(
        attempt_id=attempt.attempt_id,
        organisation_id=attempt.organisation_id,
        exam_id=attempt.exam_id,
        student_id=attempt.student_id,
        cohort_id=attempt.cohort_id,
        detection=attempt.policy.detection,
        risk=attempt.policy.risk,
        interval=attempt.policy.frame_interval,
        rules_version=attempt.rules_version,
        model_version=attempt.model_version,
        models=attempt.models,
        keeps_recording=attempt.policy.keeps_recording,
        identity_photo=identity_photo if attempt.policy.detection.other_person else "",
    )
