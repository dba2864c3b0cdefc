"""What counts of what a frame shows, by an exam's thresholds."""

from schema.detection import Detections, Face, Sighting, Thing
from schema.incident import DetectionPolicy


def faces_of(seen: Detections, policy: DetectionPolicy) -> tuple[Face, ...]:
    """The faces that count, best first."""
    return tuple(
        face for face in seen.faces if face.score >= policy.face_score and face.box not in seen.background
    )


def persons_of(seen: Detections, policy: DetectionPolicy) -> tuple[Sighting, ...]:
    """The persons that count, best first; none where the object detector did not look."""
    return tuple(
        s
        for s in seen.sightings or ()
        if s.thing is Thing.PERSON and s.score >= policy.person_score and s.box not in seen.background
    )


def forbidden_of(seen: Detections, policy: DetectionPolicy) -> tuple[Sighting, ...]:
    """The forbidden things that count, best first; none where the object detector did not look."""
    return tuple(
        s
        for s in seen.sightings or ()
        if s.thing in policy.forbidden and s.score >= policy.object_score and s.box not in seen.background
    )
