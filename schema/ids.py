"""Opaque identifiers and the names that are built from them.

UUIDv7 as in RFC 9562 section 5.7: 48 bits of Unix milliseconds, then random bits.
"""

import os
import time
from uuid import UUID, uuid5

NAMESPACE = UUID("6f1d5c0e-5f0b-5d3e-9a53-0d6f4e2b9c11")
DEFAULT_ORGANISATION = UUID("01900000-0000-7000-8000-000000000001")


def new_id() -> UUID:
    """A fresh UUIDv7: sorts by its millisecond of birth, tells nothing else."""
    milliseconds = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (2**48 - 1)) << 80 | noise
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def attempt_id_for(student_id: UUID, idempotency_key: str) -> UUID:
    """The same student and key always name the same attempt, so a retried reservation is one attempt."""
    return uuid5(NAMESPACE, f"attempt/{student_id}/{idempotency_key}")


def incident_id_for(attempt_id: UUID, kind: str, opening_offset: int) -> UUID:
    """Derived, so analysing the same frames again names the same incident."""
    return uuid5(NAMESPACE, f"incident/{attempt_id}/{kind}/{opening_offset}")


def review_id_for(attempt_id: UUID, subject: str, round_number: int) -> UUID:
    """One review per attempt, subject (a question id, `integrity:1`, `appeal`) and marking round."""
    return uuid5(NAMESPACE, f"review/{attempt_id}/{subject}/{round_number}")


def event_id_for(source: str, attempt_id: UUID, name: str) -> UUID:
    """Derived from what happened, so a retried transaction cannot publish an event twice."""
    return uuid5(NAMESPACE, f"event/{source}/{attempt_id}/{name}")


def mail_id_for(person_id: UUID, occasion: str) -> UUID:
    """One mail per person and occasion; its Message-ID is built from this and survives every retry."""
    return uuid5(NAMESPACE, f"mail/{person_id}/{occasion}")


def notification_id_for(person_id: UUID, occasion: str) -> UUID:
    """One notification per person and occasion."""
    return uuid5(NAMESPACE, f"notification/{person_id}/{occasion}")


def evidence_id_for(incident_id: UUID, moment: str, offset: int) -> UUID:
    """One evidence frame per incident, moment and offset."""
    return uuid5(NAMESPACE, f"evidence/{incident_id}/{moment}/{offset}")


def signal_id_for(incident_id: UUID, change: str) -> UUID:
    """One signal per incident and change."""
    return uuid5(NAMESPACE, f"signal/{incident_id}/{change}")


def message_id_for(attempt_id: UUID, author_id: UUID, key: str) -> UUID:
    """One message per attempt, author and key of their device, however often it is sent."""
    return uuid5(NAMESPACE, f"message/{attempt_id}/{author_id}/{key}")


def cohort_id_for(organisation_id: UUID, name: str) -> UUID:
    """One cohort per organisation and name, whatever its spelling in capitals."""
    return uuid5(NAMESPACE, f"cohort/{organisation_id}/{name.casefold()}")


def attempt_workflow_id(attempt_id: UUID) -> str:
    """`attempt:{attempt_id}`."""
    return f"attempt:{attempt_id}"


def monitoring_workflow_id(attempt_id: UUID) -> str:
    """`monitoring:{attempt_id}`."""
    return f"monitoring:{attempt_id}"


def recording_workflow_id(attempt_id: UUID) -> str:
    """`recording:{attempt_id}`."""
    return f"recording:{attempt_id}"


def grading_workflow_id(attempt_id: UUID, round_number: int) -> str:
    """`grading:{attempt_id}:{round}`."""
    return f"grading:{attempt_id}:{round_number}"


def review_workflow_id(review_id: UUID) -> str:
    """`review:{review_id}`."""
    return f"review:{review_id}"


def retention_workflow_id(attempt_id: UUID) -> str:
    """`retention:{attempt_id}`."""
    return f"retention:{attempt_id}"


def cohort_workflow_id(exam_id: UUID, operation_id: UUID) -> str:
    """`cohort:{exam_id}:{operation_id}`."""
    return f"cohort:{exam_id}:{operation_id}"
