"""Keeping and deleting an attempt's data, class by class."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from schema.exam import ExamPolicy, RetentionPolicy
from schema.model import Message

HOLD_GRACE = timedelta(days=7)  # in which somebody may still ask for a hold


def grace_of(policy: ExamPolicy) -> timedelta:
    """Nothing is deleted earlier after an attempt is over, whatever its policy says: appeals and holds come first."""
    return max(policy.appeal_window, HOLD_GRACE)


def kept_for(policy: ExamPolicy) -> RetentionPolicy:
    """How long each class is really kept."""
    grace, kept = grace_of(policy), policy.retention
    return RetentionPolicy(
        media=max(kept.media, grace),
        features=max(kept.features, grace),
        decision_log=max(kept.decision_log, grace),
    )


class RetentionInput(Message):
    """What a RetentionWorkflow is started with."""

    attempt_id: UUID
    organisation_id: UUID
    exam_id: UUID
    student_id: UUID
    policy: RetentionPolicy
    ended_at: datetime
    workflow_ids: tuple[str, ...]  # whose histories are kept, every run


class ExportHistories(Message):
    """Write the histories of closed workflows beside the report; one still open makes it try again."""

    attempt_id: UUID
    workflow_ids: tuple[str, ...]
    ended_at: datetime


class HistoriesExported(Message):
    """Names of the written objects."""

    names: tuple[str, ...]


class DataClass(StrEnum):
    """Classes of data with their own time of keeping."""

    MEDIA = "media"  # frames, evidence pictures, identity photos
    FEATURES = "features"  # incidents' boxes, engine states, detections
    DECISION_LOG = "decision_log"  # moves, reviews, answers, reports, histories


class DeleteData(Message):
    """Delete one class of an attempt's data and verify that it is gone."""

    attempt_id: UUID
    data_class: DataClass
    ended_at: datetime | None = None  # of RetentionInput: says where the archive stands


class DataDeleted(Message):
    """What was deleted, counted after verification."""

    data_class: DataClass
    rows: int
    objects: int
    folders: tuple[
        str, ...
    ] = ()  # and single objects that were emptied; those from before 2026-12 do not say


class WriteReceipt(Message):
    """Write the receipt of a deletion into the archive."""

    attempt_id: UUID
    deleted: tuple[DataDeleted, ...]
    at: datetime
    ended_at: datetime | None = None  # of RetentionInput: says where the archive stands


class Hold(Message):
    """Why nothing of an attempt is deleted. It stands until `released_at` is set."""

    hold_id: UUID
    attempt_id: UUID
    reason: str
    set_by: UUID | None
    set_at: datetime
    released_by: UUID | None = None
    released_at: datetime | None = None
    release_reason: str = ""


class HoldOrder(Message):
    """What an administrator says to one or several attempts: hold, or release the hold."""

    attempt_ids: tuple[UUID, ...]
    by: UUID
    reason: str
    at: datetime
