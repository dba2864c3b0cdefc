"""Keeping an attempt's recording as a video, beside everything else: nobody waits for it."""

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.recording.activity import RecordingActivities
    from schema.recording.task import ExportRecording, RecordingExported
    from workflows.options import EXPORT_RECORDING
    from workflows.patience import refusal_of


@workflow.defn
class RecordingWorkflow:
    """Exports the recording, id `recording:{attempt_id}`.

    It ends within its budget, whatever happens: an attempt's data are deleted once all its workflows are closed.
    """

    @workflow.run
    async def run(self, request: ExportRecording) -> RecordingExported:
        """Export; what cannot be had is logged and left out."""
        try:
            return await workflow.execute_activity_method(
                RecordingActivities.export_recording, request, **EXPORT_RECORDING
            )
        except FailureError as error:
            if is_cancelled_exception(error):
                raise
            workflow.logger.error(
                "attempt %s has no video: %s", request.attempt_id, refusal_of(error) or error
            )
            return RecordingExported()
