"""What a browser says of a frame beside its time: a comment inside the JPEG, so it is kept wherever the frame is.

Everything is optional, and nothing here is proof: a page can be changed. What cannot be read counts as not said.
"""

from typing import Annotated

from pydantic import Field, ValidationError

from schema.model import Message

FACTS_MARK = b"proctorwise "
MOST_FACTS = 1024  # bytes of the comment
_COMMENT = b"\xff\xfe"
_APP0 = b"\xff\xe0"


Side = Annotated[int, Field(ge=0, le=65535)]


class TrackFacts(Message):
    """The camera's track as the browser knows it (Media Capture and Streams, `getSettings`)."""

    width: Side | None = None
    height: Side | None = None
    frame_rate: Annotated[float | None, Field(ge=0, le=1000)] = None
    facing_mode: Annotated[str | None, Field(max_length=20)] = None


class FrameFacts(Message):
    """What the browser said of one frame.

    `monotonic_ms` counts on a clock that nobody can set and that began with `run`, a name for one loading of the page.
    `drawn` is the width and height of the camera's picture between its bars. `device` is a hash of the camera's label,
    another one for each attempt; `is_virtual` says whether the label is that of a known virtual camera. `is_visible` is
    the page's visibility, `is_extended` the screen's `isExtended`.
    """

    monotonic_ms: Annotated[int | None, Field(ge=0, le=2**53)] = None
    run: Annotated[str | None, Field(max_length=16)] = None
    drawn: tuple[Side, Side] | None = None
    track: TrackFacts | None = None
    device: Annotated[str | None, Field(max_length=64)] = None
    is_virtual: bool | None = None
    is_visible: bool | None = None
    is_extended: bool | None = None


def facts_of(jpeg: bytes) -> FrameFacts | None:
    """What the browser said of this frame; None where it said nothing, or nothing that makes sense."""
    at = jpeg.find(_COMMENT, 2, 2 + MOST_FACTS)
    if at < 0 or jpeg[at + 4 : at + 4 + len(FACTS_MARK)] != FACTS_MARK:
        return None
    length = int.from_bytes(jpeg[at + 2 : at + 4])
    if length > MOST_FACTS:
        return None
    try:
        return FrameFacts.model_validate_json(jpeg[at + 4 + len(FACTS_MARK) : at + 2 + length])
    except ValidationError:
        return None


def with_facts(jpeg: bytes, facts: FrameFacts) -> bytes:
    """The frame with what is said of it, after the JFIF segment, which must come first."""
    body = FACTS_MARK + facts.model_dump_json(exclude_none=True).encode()
    at = 4 + int.from_bytes(jpeg[4:6]) if jpeg[2:4] == _APP0 else 2
    return jpeg[:at] + _COMMENT + (len(body) + 2).to_bytes(2) + body + jpeg[at:]
