"""What a retention audit finds: data kept too long, gone too early, or nobody's."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from schema.model import Message
from schema.retention import DataClass


class FindingKind(StrEnum):
    """What is wrong."""

    KEPT_TOO_LONG = "kept_too_long"  # due, not on hold, and still there
    NO_RECEIPT = "no_receipt"  # due, gone, and no receipt says so
    NOT_DELETED = "not_deleted"  # its receipt says that it is gone, and it is there
    MISSING = "missing"  # not due or on hold, and the lake does not have it
    NOBODYS = "nobodys"  # in the lake under an attempt that no database knows


class Finding(Message):
    """One thing that is wrong; `detail` says it for people, with what to do."""

    kind: FindingKind
    attempt_id: UUID
    data_class: DataClass | None = None
    detail: str


class AuditReport(Message):
    """The audit as of the end of `day` (UTC)."""

    day: date
    audited_at: datetime
    attempts: int
    on_hold: int
    objects: int  # of attempts, in the lake
    findings: tuple[Finding, ...]


def audit_name(day: date) -> str:
    """Where the report stands in the lake."""
    return f"processed/retention_audits/{day:%Y/%m}/{day}.json"
