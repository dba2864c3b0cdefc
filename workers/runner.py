"""The one sandbox for workflow code: workers and the replay of histories share it."""

from temporalio import workflow
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

POLICY = (
    workflow.SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
    | workflow.SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
)


def workflow_runner() -> SandboxedWorkflowRunner:
    """A runner that refuses every import a workflow file did not pass through on purpose."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_import_notification_policy(POLICY)
    )
