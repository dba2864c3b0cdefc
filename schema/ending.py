"""What an attempt's workflow returns when everything has ended."""

from uuid import UUID

from schema.attempt import Phase
from schema.model import Message
from schema.outcome import Integrity, Marking, Release


class AttemptOutcome(Message):
    """What an AttemptWorkflow returns."""

    attempt_id: UUID
    phase: Phase
    marking: Marking
    integrity: Integrity
    release: Release
    report_name: str = ""
