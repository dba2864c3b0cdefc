"""Dossiers for tests: one attempt with everything in it, and one that ended without a sitting."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import numpy as np
from PIL import Image

from schema.dossier import (
    Dossier,
    DossierIncident,
    DossierItem,
    DossierMessage,
    DossierMove,
    DossierReview,
    DossierRound,
)
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.incident import SEVERITY, Evidence, EvidenceMoment, Incident, IncidentKind
from schema.record import Record, RecordKind
from schema.retention import Hold

BEGIN = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
ENDED = BEGIN + timedelta(hours=1)
MODEL = "full_range_sparse@1a2b;yolo11n@3c4d"


def minute(number: float) -> datetime:
    """So many minutes after the exam began."""
    return BEGIN + timedelta(minutes=number)


def jpeg(shade: int = 120) -> bytes:
    """A small real picture."""
    target = BytesIO()
    Image.fromarray(np.full((48, 64, 3), shade, np.uint8)).save(target, "JPEG")
    return target.getvalue()


def frame(offset: int, shade: int = 120) -> Record:
    """A record that holds a picture."""
    return Record(offset, RecordKind.FRAME, new_id(), offset, BEGIN, BEGIN, jpeg(shade))


def incident(kind: IncidentKind, started_at: datetime, offset: int, ruling: str = "") -> DossierIncident:
    """Twenty seconds long, with a picture before, at and after its opening."""
    boxes = (("face", 0.1, 0.1, 0.4, 0.5, 0.93),)
    return DossierIncident(
        Incident(
            incident_id=new_id(),
            kind=kind,
            severity=SEVERITY[kind],
            opening_offset=offset,
            started_at=started_at,
            ended_at=started_at + timedelta(seconds=20),
            confidence=0.93,
            rule=f"{kind} in 2 of 3 frames",
            model=MODEL,
            evidence=(
                Evidence(EvidenceMoment.BEFORE, offset - 1, started_at - timedelta(seconds=1)),
                Evidence(EvidenceMoment.AT, offset, started_at, boxes),
                Evidence(EvidenceMoment.AFTER, offset + 1, started_at + timedelta(seconds=1)),
            ),
        ),
        ruling,
        "A sibling walked in." if ruling else "",
    )


def sat(student_name: str = "Łucja Żółć") -> Dossier:
    """Handed in, watched, marked, reviewed and released."""
    attempt_id = new_id()
    return Dossier(
        attempt_id=attempt_id,
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=new_id(),
        exam_title="Biology & <life>",
        exam_version=3,
        student_id=new_id(),
        student_name=student_name,
        student_number="S-2027-1",
        time_zone="Europe/Warsaw",
        slot_starts_at=BEGIN,
        slot_ends_at=BEGIN + timedelta(hours=2),
        phase="submitted",
        marking="marked",
        integrity="cleared",
        release="released",
        risk=18.6,
        started_at=BEGIN,
        submitted_at=ENDED,
        rules_version="rules-1",
        model_version=MODEL,
        moves=(
            DossierMove(minute(-5), "attempt", "awaiting_admission", "admit", "admitted", "proctor", ""),
            DossierMove(BEGIN, "attempt", "admitted", "start", "in_progress", "student", ""),
            DossierMove(minute(30), "attempt", "in_progress", "extend", "in_progress", "proctor", "Fire drill"),
            DossierMove(ENDED, "attempt", "in_progress", "submit", "submitted", "timer", ""),
        ),
        incidents=(
            incident(IncidentKind.FACE_ABSENT, minute(10), 20, "explained"),
            incident(IncidentKind.MULTIPLE_FACES, minute(20), 40),
        ),
        rounds=(DossierRound(1, Decimal("2.50"), Decimal("4"), Decimal("62.5"), True, minute(90)),),
        items=(
            DossierItem(new_id(), "Cells", 1, Decimal("1.50"), Decimal("2"), "You chose “A”.", "automatic"),
            DossierItem(
                new_id(), "Write about life", 1, Decimal("1.00"), Decimal("2"),
                "Argument: 1 of 2 points.\nRead the question again.", "grader", ("Argument: Clear.",),
            ),
        ),
        reviews=(
            DossierReview(
                "integrity", "integrity:1", 1, "decided", minute(61), minute(80), "cleared", "A sibling walked in."
            ),
        ),
        messages=(
            DossierMessage(minute(12), "student", "My sister came in & left <again>."),
            DossierMessage(minute(13), "proctor", "Thank you for saying so."),
        ),
        holds=_holds(attempt_id),
    )  # fmt: skip


def _holds(attempt_id: UUID) -> tuple[Hold, ...]:
    """One that was released, and one that stands."""
    return (
        Hold(
            hold_id=new_id(), attempt_id=attempt_id, reason="A claim is announced", set_by=new_id(),
            set_at=minute(200), released_by=new_id(), released_at=minute(300), release_reason="It was withdrawn",
        ),
        Hold(
            hold_id=new_id(), attempt_id=attempt_id, reason="It came after all", set_by=new_id(), set_at=minute(400)
        ),
    )  # fmt: skip


def never_sat() -> Dossier:
    """Reserved and never begun."""
    return Dossier(
        attempt_id=new_id(),
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=new_id(),
        exam_title="Biology",
        exam_version=1,
        student_id=new_id(),
        student_name="Ada",
        student_number="",
        time_zone="UTC",
        slot_starts_at=BEGIN,
        slot_ends_at=BEGIN + timedelta(hours=2),
        phase="no_show",
        marking="pending",
        integrity="undetermined",
        release="withheld",
        risk=0.0,
        started_at=None,
        submitted_at=None,
        moves=(DossierMove(minute(30), "attempt", "reserved", "mark_no_show", "no_show", "timer", ""),),
    )
