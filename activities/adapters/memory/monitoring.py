"""What the in-memory twins of `_monitoring` share: feeds, checkpoints, incidents and owed signals."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from activities.adapters.memory.outbox import MemoryOutbox
from activities.ports import Lease
from schema.analysis import IncidentChange
from schema.events import Envelope, Source
from schema.incident import Evidence, Incident
from schema.publication import Subject, told_by_change
from schema.review import IncidentRuling
from schema.task import OpenFeed


@dataclass(slots=True)
class MemoryFeed:
    """An attempt's stream."""

    request: OpenFeed
    opens: bool = True
    final_offset: int | None = None


@dataclass(slots=True)
class MemoryIncident:
    """An incident of an attempt and what a reviewer said of it."""

    attempt_id: UUID
    incident: Incident
    ruling: IncidentRuling | None = None
    ruling_reason: str = ""


@dataclass(slots=True)
class MemoryMonitoring:
    """One schema `_monitoring`."""

    feeds: dict[UUID, MemoryFeed] = field(default_factory=dict)
    leases: dict[UUID, Lease] = field(default_factory=dict)
    finished: dict[UUID, datetime] = field(default_factory=dict)
    incidents: dict[UUID, MemoryIncident] = field(default_factory=dict)
    owed: dict[UUID, tuple[UUID, str, str]] = field(
        default_factory=dict
    )  # signal id -> attempt, change, signal
    outbox: MemoryOutbox = field(default_factory=lambda: MemoryOutbox(Source.MONITORING))

    def write(self, subject: Subject, change: IncidentChange) -> list[Envelope]:
        """Add or amend an incident with its evidence and events; returns the new events."""
        found = change.incident
        known = self.incidents.get(found.incident_id)
        if known is None:
            self.incidents[found.incident_id] = MemoryIncident(subject.attempt_id, found)
        else:
            evidence = _merged(known.incident.evidence, found.evidence)
            known.incident = replace(found, evidence=evidence)
        return self.outbox.publish(subject, told_by_change(change))


def _merged(old: tuple[Evidence, ...], new: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    shots = {(shot.moment, shot.offset): shot for shot in (*new, *old)}  # what is written stays
    return tuple(sorted(shots.values(), key=lambda shot: shot.offset))
