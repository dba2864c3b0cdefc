"""Every picture-made incident on real video with the real models, and none where nothing happens."""

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.build import Analysts
from ml.clip import frames
from ml.frame import Pixels, decode, encode
from schema.analysis import Analysis
from schema.incident import DetectionPolicy, Incident, IncidentKind, Preset, policy_for
from tests.ml.builder import ATTEMPT, MODERATE, Tape, seconds

NOISE = np.random.default_rng(7)


def watch(analysts: Analysts, shown: Iterable[bytes], policy: DetectionPolicy = MODERATE) -> Analysis:
    """One frame a second."""
    tape = Tape()
    for second, jpeg in enumerate(shown):
        tape.frame(second, jpeg)
    return analysts.watcher(ATTEMPT, policy).analyse(None, tape.records)


def incidents(analysis: Analysis) -> dict[IncidentKind, Incident]:
    """The latest incident of each kind, as it now stands."""
    return {change.incident.kind: change.incident for change in analysis.changes}


def alive(jpeg: bytes, count: int, gain: float = 1.0) -> list[bytes]:
    """A still picture as a webcam sees it: scaled to 640x480, sensor noise in every frame."""
    pixels = decode(jpeg)
    assert pixels is not None
    scaled = cv2.resize(pixels, (640, 480)).astype(np.float32) * gain
    return [encode(_noisy(scaled)) for _ in range(count)]


def _noisy(pixels: np.ndarray) -> Pixels:
    return np.clip(pixels + NOISE.normal(0, 2, pixels.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("clip", ["sister.mkv", "book.mkv"])
@pytest.mark.parametrize("preset", [Preset.MODERATE, Preset.LENIENT])
def test_a_calm_exam_raises_nothing(analysts: Analysts, media: Path, clip: str, preset: Preset) -> None:
    analysis = watch(analysts, frames(media / "clips" / clip, every=3), policy_for(preset))
    assert not analysis.changes
    assert analysis.frames >= 29
    assert analysis.unreadable == 0


@pytest.mark.parametrize("clip", ["bird.mkv", "student.mkv", "head-pose-face-detection-female-and-male.gif"])
def test_a_second_person_is_noticed(analysts: Analysts, media: Path, clip: str) -> None:
    found = incidents(watch(analysts, frames(media / "clips" / clip, every=3)))
    assert set(found) == {IncidentKind.MULTIPLE_FACES}
    assert found[IncidentKind.MULTIPLE_FACES].confidence > 0.5


def test_two_people_in_a_photograph_are_noticed(analysts: Analysts, media: Path) -> None:
    shown = alive((media / "images" / "two_people.jpg").read_bytes(), 4)
    assert set(incidents(watch(analysts, shown))) == {IncidentKind.MULTIPLE_FACES}


def test_an_empty_room_is_an_absent_face(analysts: Analysts, media: Path) -> None:
    calm = frames(media / "clips" / "sister.mkv", every=10)
    empty = frames(media / "clips" / "one-by-one-person-detection.mp4", every=8)[:8]
    found = incidents(watch(analysts, [*calm[:5], *empty, *calm[5:10]]))
    assert set(found) == {IncidentKind.FACE_ABSENT}
    incident = found[IncidentKind.FACE_ABSENT]
    assert (seconds(incident.started_at), seconds(incident.ended_at)) == (5, 13)


def test_people_who_never_face_the_camera_are_absent_faces(analysts: Analysts, media: Path) -> None:
    clip = frames(media / "clips" / "one-by-one-person-detection.mp4", every=10)
    found = incidents(watch(analysts, clip))
    assert IncidentKind.FACE_ABSENT in found
    assert IncidentKind.FORBIDDEN_OBJECT not in found
    assert IncidentKind.WEBCAM_DISABLED not in found


def test_a_phone_held_up_is_noticed(analysts: Analysts, media: Path) -> None:
    images = media / "images"
    calm, phone = ((images / n).read_bytes() for n in ("male_640x480.jpg", "male_drawnphone_80.jpg"))
    found = incidents(watch(analysts, [*alive(calm, 6), *alive(phone, 9), *alive(calm, 6)]))
    assert set(found) == {IncidentKind.FORBIDDEN_OBJECT}
    incident = found[IncidentKind.FORBIDDEN_OBJECT]
    assert seconds(incident.started_at) in {6, 7, 8, 9, 10}
    assert incident.ended_at is not None
    assert "cell phone" in {box[0] for evidence in incident.evidence for box in evidence.boxes}


@pytest.mark.parametrize("image", ["black.jpg", "covered_blur.jpg"])
def test_a_covered_camera_is_a_disabled_webcam_and_no_absent_face(
    analysts: Analysts, media: Path, image: str
) -> None:
    calm = alive((media / "images" / "male_640x480.jpg").read_bytes(), 4)
    covered = [(media / "images" / image).read_bytes()] * 10
    found = incidents(watch(analysts, [*calm, *covered, *calm]))
    assert set(found) == {IncidentKind.WEBCAM_DISABLED}
    assert seconds(found[IncidentKind.WEBCAM_DISABLED].started_at) == 4


def test_low_light_is_told_and_the_face_still_found(analysts: Analysts, media: Path) -> None:
    dim = alive((media / "images" / "male_640x480.jpg").read_bytes(), 8, gain=0.25)
    assert set(incidents(watch(analysts, dim))) == {IncidentKind.LOW_LIGHT}


def test_a_turned_head_is_looking_away_where_the_exam_asks(analysts: Analysts, media: Path) -> None:
    turned = alive((media / "images" / "hp_female_0.jpg").read_bytes(), 8)
    ahead = alive((media / "images" / "hp_female_22.jpg").read_bytes(), 8)
    policy = policy_for(Preset.MODERATE, looking_away=True)
    assert set(incidents(watch(analysts, turned, policy))) == {IncidentKind.LOOKING_AWAY}
    assert not incidents(watch(analysts, ahead, policy))


def test_analysing_twice_gives_the_same(analysts: Analysts, media: Path) -> None:
    clip = frames(media / "clips" / "student.mkv", every=3)
    assert watch(analysts, clip) == watch(analysts, clip)
