"""What an attempt leaves behind: its report."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.report import ReportActivities
    from schema.lifecycle import AttemptInput, AttemptState
    from schema.task import ReportWritten, WriteReport
    from workflows.options import WRITE_REPORT


async def write_report(attempt: AttemptInput, state: AttemptState, finished_at: datetime) -> ReportWritten:
    """Report and results into the lake."""
    request = WriteReport(
        attempt_id=attempt.attempt_id,
        exam_id=attempt.exam_id,
        exam_version=attempt.exam_version,
        student_id=attempt.student_id,
        phase=state.phase,
        round_number=state.round_number,
        finished_at=finished_at,
    )
    return await workflow.execute_activity_method(ReportActivities.write_report, request, **WRITE_REPORT)
