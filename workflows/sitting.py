"""The monitoring that goes with a sitting: begun with it, told when it is over, and waited for."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schema.ids import monitoring_workflow_id
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

    async def begin(self) -> None:
        """Start monitoring."""
        self._child = await insist(self._start)

    async def finish(self) -> MonitoringResult:
        """Say that the attempt has ended, and wait until every accepted frame is accounted for."""
        return await insist(self._finish)

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
            monitoring_input(attempt),
            id=workflow_id,
            parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
            static_summary=f"Watch attempt {attempt.attempt_id}",
        )


def monitoring_input(attempt: AttemptInput) -> MonitoringInput:
    """What watching needs to know of an attempt."""
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
    )
