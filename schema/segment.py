"""A segment: a run of an attempt's records in one pack, on a node's disk first and in the object store later."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class SegmentState(StrEnum):
    """Where a segment stands."""

    OPEN = "open"  # its node still appends to it
    SEALED = "sealed"  # complete, on its node's disk
    UPLOADED = "uploaded"  # complete, on disk and in the object store
    TRIMMED = "trimmed"  # in the object store only


@dataclass(frozen=True, slots=True)
class Segment:
    """What the database knows of a segment. While it is OPEN, `last_offset` is None and `sha256` empty."""

    segment_id: UUID
    attempt_id: UUID
    node_id: str
    state: SegmentState
    first_offset: int
    last_offset: int | None
    frames: int
    size: int
    sha256: str
    object_name: str
    created_at: datetime

    @property
    def is_stored(self) -> bool:
        """Whether it can be read from the object store."""
        return self.state in {SegmentState.UPLOADED, SegmentState.TRIMMED}


def object_name_of(segment: Segment) -> str:
    """`raw/frames/{year}/{month}/{day}/{session_id}/{first}-{last}.pack`: the lake's layout, without ':'."""
    day = segment.created_at.strftime("%Y/%m/%d")
    return f"raw/frames/{day}/{segment.attempt_id}/{segment.first_offset}-{segment.last_offset}.pack"


def quarantine_of(attempt_id: UUID) -> str:
    """The lake's folder for packs that were found damaged, as they were: pictures, deleted with the others."""
    return f"quarantine/frames/{attempt_id}"


def new_segment(segment_id: UUID, attempt_id: UUID, node_id: str, first_offset: int, at: datetime) -> Segment:
    """An open segment without records; `first_offset` is the least it may begin with."""
    return Segment(segment_id, attempt_id, node_id, SegmentState.OPEN, first_offset, None, 0, 0, "", "", at)
