"""Whose data an object of the lake is, and of which class, as its name tells."""

import re
from uuid import UUID

from schema.retention import DataClass

FOLDERS = (
    "raw/frames",
    "raw/recordings",
    "archive",
    "processed/grading_results",
    "processed/anomaly_reports",
)

_ID = r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_MONTH = r"\d{4}/\d{2}"
_MEDIA = re.compile(rf"raw/(?:frames/{_MONTH}/\d{{2}}|recordings/[^/]+)/{_ID}/.+")
_LOG = re.compile(
    rf"(?:archive/{_MONTH}/{_ID}/.+|processed/(?:grading_results|anomaly_reports)/{_MONTH}/(?P<table>[0-9a-f-]{{36}})\.csv)"
)
_RECEIPT = re.compile(rf"archive/{_MONTH}/{_ID}/receipt\.json")


def owner_of(name: str) -> tuple[UUID, DataClass] | None:
    """The attempt and the class; None for what belongs to no single attempt, and for receipts, which stay."""
    if receipt_of(name):
        return None
    if found := _MEDIA.fullmatch(name):
        return UUID(found["id"]), DataClass.MEDIA
    if found := _LOG.fullmatch(name):
        return UUID(found["id"] or found["table"]), DataClass.DECISION_LOG
    return None


def receipt_of(name: str) -> UUID | None:
    """The attempt whose receipt of deletion this is."""
    found = _RECEIPT.fullmatch(name)
    return UUID(found["id"]) if found else None
