"""What analysing a run of records yields: incidents that opened, changed or closed, and the state to go on from."""

from dataclasses import dataclass
from enum import StrEnum

from schema.incident import Incident


class ChangeKind(StrEnum):
    """What happened to an incident."""

    OPENED = "opened"
    AMENDED = "amended"  # evidence after the opening arrived, or the confidence rose; no event is published
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class IncidentChange:
    """An incident as it now stands, and what happened to it."""

    change: ChangeKind
    incident: Incident


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result of analysing records up to and including `offset`.

    `state` is opaque JSON bytes (under 64 kB): analysing the next records from it gives the same incidents
    as one uninterrupted run. `frames` counts the frames seen, `unreadable` those that did not decode.
    """

    state: bytes
    offset: int
    changes: tuple[IncidentChange, ...]
    frames: int
    unreadable: int
