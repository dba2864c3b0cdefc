"""Names of task queues, workflow types and search attributes: plain text, the same everywhere."""

from enum import StrEnum


class Queue(StrEnum):
    """The task queues."""

    LIFECYCLE = "proctor-lifecycle"  # workflows and light activities
    IO = "proctor-io"  # mail, storage, reports
    ML = "proctor-ml"  # detection
    BATCH = "proctor-batch"  # exports, imports, recomputation asked for by people


class WorkflowType(StrEnum):
    """The workflow types."""

    ATTEMPT = "AttemptWorkflow"
    MONITORING = "MonitoringWorkflow"
    GRADING = "GradingWorkflow"
    REVIEW = "ReviewWorkflow"
    RECORDING = "RecordingWorkflow"
    RETENTION = "RetentionWorkflow"
    COHORT = "CohortWorkflow"


class SearchName(StrEnum):
    """Keyword search attributes; opaque ids and machine states only."""

    EXAM = "PwExam"
    PHASE = "PwPhase"
    INTEGRITY = "PwIntegrity"
    RISK = "PwRisk"  # none, low, elevated, high
