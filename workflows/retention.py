"""What is kept of an attempt and for how long: histories are exported, then each class of data goes in its time."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.retention import RetentionActivities
    from schema.exam import RetentionPolicy
    from schema.retention import (
        DataClass,
        DataDeleted,
        DeleteData,
        ExportHistories,
        RetentionInput,
        WriteReceipt,
    )
    from workflows.options import DELETE_DATA, EXPORT_HISTORIES, IS_ON_HOLD, WRITE_RECEIPT
    from workflows.patience import insist

ASK_AGAIN = timedelta(days=1)


def schedule(policy: RetentionPolicy, ended_at: datetime) -> list[tuple[datetime, DataClass]]:
    """When each class of data is due, the earliest first."""
    due = {
        DataClass.MEDIA: ended_at + policy.media,
        DataClass.FEATURES: ended_at + policy.features,
        DataClass.DECISION_LOG: ended_at + policy.decision_log,
    }
    return sorted((at, data_class) for data_class, at in due.items())


@workflow.defn
class RetentionWorkflow:
    """Keeping and deleting, id `retention:{attempt_id}`; returns the name of the last receipt."""

    @workflow.init
    def __init__(self, retention: RetentionInput) -> None:
        self._retention = retention
        self._is_held = False
        self._deleted: tuple[DataDeleted, ...] = ()

    @workflow.run
    async def run(self, retention: RetentionInput) -> str:
        """Export, then for each class: wait, ask whether there is a hold, delete, write the receipt."""
        await self._export_histories()
        receipt = ""
        for due, data_class in schedule(retention.policy, retention.ended_at):
            await self._wait_until(due, data_class)
            await self._wait_while_on_hold()
            await self._delete(data_class)
            receipt = await self._write_receipt()
        return receipt

    @workflow.signal
    def hold(self) -> None:
        """Nothing is deleted until the hold is released."""
        self._is_held = True

    @workflow.signal
    def release_hold(self) -> None:
        """Deletion may go on; what fell due meanwhile is deleted now."""
        self._is_held = False

    async def _export_histories(self) -> None:
        """The attempt's own history closes only after it started this one, so the first tries may be too early."""
        self._show("exporting histories")
        request = ExportHistories(
            attempt_id=self._retention.attempt_id,
            workflow_ids=self._retention.workflow_ids,
            ended_at=self._retention.ended_at,
        )
        await insist(
            lambda: workflow.execute_activity_method(
                RetentionActivities.export_histories, request, **EXPORT_HISTORIES
            )
        )

    async def _wait_until(self, due: datetime, data_class: DataClass) -> None:
        self._show(f"{data_class} is kept until {due:%F %T} UTC")
        if (left := due - workflow.now()) > timedelta(0):
            await workflow.sleep(left, summary=f"keep {data_class}")

    async def _wait_while_on_hold(self) -> None:
        """A signal is one way to hold, the attempt's row the other; both must be free."""
        while self._is_held or await self._is_on_hold():
            self._show("on hold, nothing is deleted")
            if self._is_held:
                await workflow.wait_condition(lambda: not self._is_held)
            else:
                await workflow.sleep(ASK_AGAIN, summary="on hold, ask again")

    async def _is_on_hold(self) -> bool:
        return await insist(
            lambda: workflow.execute_activity_method(
                RetentionActivities.is_on_hold, self._retention.attempt_id, **IS_ON_HOLD
            )
        )

    async def _delete(self, data_class: DataClass) -> None:
        request = DeleteData(
            attempt_id=self._retention.attempt_id, data_class=data_class, ended_at=self._retention.ended_at
        )
        deleted = await insist(
            lambda: workflow.execute_activity_method(RetentionActivities.delete_data, request, **DELETE_DATA)
        )
        self._deleted = (*self._deleted, deleted)

    async def _write_receipt(self) -> str:
        """After each class, with everything deleted so far: whoever asks in between finds one."""
        request = WriteReceipt(
            attempt_id=self._retention.attempt_id,
            deleted=self._deleted,
            at=workflow.now(),
            ended_at=self._retention.ended_at,
        )
        receipt = await insist(
            lambda: workflow.execute_activity_method(
                RetentionActivities.write_receipt, request, **WRITE_RECEIPT
            )
        )
        self._show(
            f"deleted so far: {', '.join(done.data_class for done in self._deleted)}; receipt `{receipt}`"
        )
        return receipt

    def _show(self, where: str) -> None:
        workflow.set_current_details(f"Attempt `{self._retention.attempt_id}`: **{where}**")
