"""What an honest student's room and camera do to a picture accuses nobody; what is there is still found."""

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from ml.build import Analysts, build_detectors
from ml.evaluation.material import Stream
from ml.evaluation.sample import sample_streams
from ml.model_store import ModelStore
from ml.room.background import Room, RoomMemory
from ml.room.border import is_framed
from schema.detection import Box, Picture
from schema.incident import IncidentKind, Severity
from tests.ml.builder import DIM_PICTURE, Story, a_face, moment, seen
from tests.ml.test_video import incidents, watch

DISABLED = IncidentKind.WEBCAM_DISABLED
ABSENT, TURNED, PICTURED = IncidentKind.FACE_ABSENT, IncidentKind.CAMERA_TURNED, IncidentKind.BACKGROUND_FACE
LENGTH = 14


@pytest.fixture(scope="module")
def streams(media: Path, store: ModelStore, yolo: Path) -> dict[str, Stream]:
    """The sample material by name."""
    detectors = build_detectors(store)
    return {stream.name: stream for stream in sample_streams(media, detectors.faces)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("poster, book", {PICTURED}),
        ("large poster, male", {PICTURED}),
        ("television, female", {PICTURED}),
        ("mirror, upper", {PICTURED}),
        ("upside down, astronaut", set()),
        ("very dim, upper", set()),
        ("backlit, upper", set()),
        ("covered, covered_blur.jpg noise 6", {DISABLED}),
        ("covered, black.jpg noise 6", {DISABLED}),
        ("second person, student", {IncidentKind.MULTIPLE_FACES}),
        ("second person, two", {IncidentKind.MULTIPLE_FACES}),
    ],
)
def test_a_room_accuses_nobody_and_a_person_or_a_cover_is_found(
    analysts: Analysts, streams: dict[str, Stream], name: str, expected: set[IncidentKind]
) -> None:
    found = incidents(watch(analysts, islice(streams[name].frames(), LENGTH)))
    scored = {kind for kind, incident in found.items() if incident.is_scored}
    assert scored <= expected
    assert expected - {PICTURED} <= scored


@pytest.mark.parametrize(
    "sliver", [Box(0.9999, 0.2, 1, 0.4), Box(0.2, 0.9999, 0.4, 1), Box(1, 1, 1, 1), Box(0, 0, 0, 0)]
)
def test_a_sliver_at_the_edge_of_the_picture_is_looked_at_like_anything_else(sliver: Box) -> None:
    pixels = np.zeros((480, 640, 3), np.uint8)
    memory = RoomMemory()
    for second in range(3):
        room = Room(memory, moment(second), pixels)
        room.background([a_face(), replace(a_face(), box=sliver)], None)

    assert memory.places
    assert not is_framed(pixels, sliver)


def test_a_picture_in_which_a_face_is_found_is_never_blocked() -> None:
    story = Story()
    for picture in (Picture(3, 1, 2, 0), Picture(120, 2, 3, 0)):
        story.frames(0, 10, seen(1, picture=picture))
    assert DISABLED not in story.kinds()


def test_contrast_and_sharpness_are_judged_by_the_light() -> None:
    covered, room = Story(), Story()
    covered.frames(0, 10, seen(0, picture=Picture(20, 0.5, 0.2, 0)))
    room.frames(0, 10, seen(0, picture=Picture(8, 0.6, 0.3, 0)))
    assert covered.kinds() == {DISABLED}
    assert DISABLED not in room.kinds()


def test_nobody_found_in_the_dark_is_technical_and_in_the_light_again_scored() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.frames(3, 20, seen(0, picture=DIM_PICTURE))
    assert [incident.severity for incident in story.of(ABSENT)] == [Severity.TECHNICAL]
    story.frames(20, 30, seen(0))
    assert [incident.severity for incident in story.of(ABSENT)] == [Severity.TECHNICAL, Severity.HIGH]
    assert story.spans(ABSENT) == [(3, 22), (22, None)]


def test_a_turned_camera_is_technical_until_it_lasts() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.frames(3, 60, replace(seen(0), quarters=2))
    assert story.kinds() == {TURNED}
    assert story.of(TURNED)[0].severity is Severity.TECHNICAL
    story.frames(60, 80, replace(seen(0), quarters=2))
    assert story.kinds() == {TURNED, ABSENT}
    assert story.of(ABSENT)[0].severity is Severity.HIGH


def test_what_is_in_the_background_counts_for_nothing_and_is_told_once() -> None:
    poster = replace(a_face(), box=Box(0.7, 0.1, 0.8, 0.3))
    story = Story()
    for second in range(20):
        shown = replace(seen((a_face(), poster)), background=(poster.box,), is_new_picture=second == 8)
        story.frame(second, shown)
    [incident] = story.of(PICTURED)
    assert story.kinds() == {PICTURED}
    assert (incident.severity, incident.ended_at) == (Severity.LOW, incident.started_at)
    assert "background" in {box[0] for evidence in incident.evidence for box in evidence.boxes}
    story.frames(20, 30, replace(seen((poster,)), background=(poster.box,)))
    assert ABSENT in story.kinds(), "a poster does not stand in for the student"
