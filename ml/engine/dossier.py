"""An incident in progress: opened, given its evidence as frames come, closed."""

from dataclasses import dataclass
from uuid import UUID

from ml.engine.condition import Began
from ml.engine.memory import Dossier, Exhibit, Mark
from ml.engine.observation import Observation
from schema.ids import incident_id_for
from schema.incident import Evidence, EvidenceMoment, Incident, IncidentKind, Severity

FRAMES_UNTIL_AFTER = 3  # the evidence "after" is this many frames later than the one at the opening
WORTH_TELLING = 0.1  # a rise in confidence that is told before the incident closes


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes dossiers: for which attempt, and by which model and rules."""

    attempt_id: UUID
    model: str

    def open(self, kind: IncidentKind, began: Began, now: Observation, confidence: float) -> Dossier:
        """A dossier opened at this observation."""
        first = began.first
        before = (
            [Exhibit(moment=EvidenceMoment.BEFORE, mark=first.before)] if first.before is not None else []
        )
        return Dossier(
            incident_id=incident_id_for(self.attempt_id, kind.value, now.offset),
            opening_offset=now.offset,
            started_at=first.at,
            confidence=confidence,
            announced=confidence,
            rule=began.sign.text,
            exhibits=before,
            awaits_opening_frame=True,
            frames_until_after=FRAMES_UNTIL_AFTER,
        )

    def publish(self, kind: IncidentKind, severity: Severity, dossier: Dossier) -> Incident:
        """The incident as it now stands."""
        return Incident(
            incident_id=dossier.incident_id,
            kind=kind,
            severity=severity,
            opening_offset=dossier.opening_offset,
            started_at=dossier.started_at,
            ended_at=dossier.ended_at,
            confidence=round(dossier.confidence, 3),
            rule=dossier.rule,
            model=self.model,
            evidence=tuple(_evidence(exhibit) for exhibit in dossier.exhibits),
        )


def take_frame(dossier: Dossier, frame: Mark) -> bool:
    """Add the frame where it is wanted as evidence; True where that changed something."""
    if frame.at < dossier.started_at:
        return False
    if dossier.awaits_opening_frame:
        dossier.awaits_opening_frame = False
        dossier.exhibits = [*dossier.exhibits, Exhibit(moment=EvidenceMoment.AT, mark=frame)]
        return True
    if dossier.frames_until_after == 0:
        return False
    dossier.frames_until_after -= 1
    if dossier.frames_until_after > 0:
        return False
    dossier.exhibits = [*dossier.exhibits, Exhibit(moment=EvidenceMoment.AFTER, mark=frame)]
    return True


def raise_confidence(dossier: Dossier, confidence: float) -> bool:
    """Confidence only rises; True where it rose by enough to tell."""
    dossier.confidence = max(dossier.confidence, confidence)
    if dossier.confidence < dossier.announced + WORTH_TELLING:
        return False
    dossier.announced = dossier.confidence
    return True


def is_complete(dossier: Dossier) -> bool:
    """Closed, with all its evidence."""
    return dossier.ended_at is not None and dossier.frames_until_after == 0


def _evidence(exhibit: Exhibit) -> Evidence:
    return Evidence(exhibit.moment, exhibit.mark.offset, exhibit.mark.at, exhibit.mark.boxes)
