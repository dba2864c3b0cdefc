"""frozen_picture: a picture that stands still or comes back; and pages and cameras that are not what they should be."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.analyst import FrameAnalyst
from ml.clip import pictures
from ml.detector import Detectors
from ml.frame import Pixels, encode
from schema.analysis import Analysis, IncidentChange
from schema.detection import Face
from schema.frame.facts import FrameFacts, with_facts
from schema.incident import DetectionPolicy, Incident, IncidentKind, Severity, policy_for
from schema.record import Record
from tests.ml.builder import ATTEMPT, MODERATE, SEEN_PAGE, Story, Tape, a_face, seconds, seen
from tests.ml.painted import PaintedFaces, black, painted

FROZEN = IncidentKind.FROZEN_PICTURE
NOISE = np.random.default_rng(11)


def tape(shown: Iterable[bytes], interval: float = 1.0) -> Sequence[Record]:
    """A picture each interval, as the exam's page sends them: each says when it was taken."""
    told = Tape()
    for number, jpeg in enumerate(shown):
        said = FrameFacts(is_visible=True, monotonic_ms=round(number * interval * 1000))
        told.frame(number * interval, with_facts(jpeg, said))
    return told.records


class OneFace:
    """Sees the student in whatever is not black."""

    card = PaintedFaces.card

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        """See FaceDetector."""
        return (a_face(),) if pixels.any() else ()


def an_analyst(policy: DetectionPolicy = MODERATE) -> FrameAnalyst:
    return FrameAnalyst(ATTEMPT, policy, Detectors(OneFace(), None))


def analysed(records: Sequence[Record], policy: DetectionPolicy = MODERATE) -> Analysis:
    return an_analyst(policy).analyse(None, records)


def frozen(records: Sequence[Record], policy: DetectionPolicy = MODERATE) -> list[Incident]:
    """The incidents of the kind as they stand in the end."""
    changes = analysed(records, policy).changes
    latest = {one.incident.incident_id: one.incident for one in changes if one.incident.kind is FROZEN}
    return list(latest.values())


def noisy(pixels: Pixels, strength: float) -> bytes:
    """As a camera sees what does not move at all."""
    return encode(np.clip(pixels + NOISE.normal(0, strength, pixels.shape), 0, 255).astype(np.uint8))


def reel(media: Path, count: int) -> list[Pixels]:
    """So many different pictures of a person at a desk."""
    shown = list(pictures(media / "clips" / "sister.mkv"))[:count]
    assert len(shown) == count
    return shown


def test_a_picture_that_stands_still_opens_after_ten_seconds() -> None:
    moving = [painted(shade=place % 3) for place in (1, 2, 4)]
    (found,) = frozen(tape([*moving, *[painted()] * 15]))

    assert found.severity is Severity.CRITICAL
    assert seconds(found.started_at) == pytest.approx(3, abs=1)
    assert found.ended_at is None
    assert "did not change at all for more than 10 s" in found.rule
    assert {shot.moment.value for shot in found.evidence} >= {"at"}


def test_standing_still_for_less_opens_nothing_and_ends_with_a_new_picture() -> None:
    assert not frozen(tape([*[painted()] * 9, painted(shade=3), *[painted(shade=5)] * 9]))

    (found,) = frozen(tape([*[painted()] * 15, *[painted(shade=shade) for shade in range(5, 12)]]))
    assert seconds(found.ended_at) == pytest.approx(15, abs=1)


@pytest.mark.parametrize("strength", [0.5, 2.0, 6.0])
def test_a_person_who_sits_still_before_a_real_camera_is_none(media: Path, strength: float) -> None:
    (picture,) = reel(media, 1)

    assert not frozen(tape(noisy(picture, strength) for _ in range(60)))


def test_a_real_clip_is_none(media: Path) -> None:
    for clip in ("sister.mkv", "book.mkv", "student.mkv"):
        assert not frozen(tape(encode(one) for one in pictures(media / "clips" / clip, every=3)))


@pytest.mark.parametrize(("length", "interval"), [(5, 1.0), (30, 1.0), (60, 1.0), (25, 0.2), (7, 5.0)])
def test_a_film_that_repeats_opens_in_its_second_turn(media: Path, length: int, interval: float) -> None:
    film = [encode(one) for one in reel(media, length)]
    (found,) = frozen(tape((film * 3)[: length * 2], interval))

    assert found.severity is Severity.CRITICAL
    assert "exactly there before" in found.rule
    assert length * interval <= (seconds(found.started_at) or 0) <= (length + 10) * interval


def test_a_film_that_is_compressed_anew_in_each_turn_is_the_same_film(media: Path) -> None:
    film = reel(media, 12)
    turns = [encode(one, quality) for quality in (95, 95, 95) for one in film]
    scaled = [encode(np.asarray(cv2.resize(one, (320, 240)), np.uint8), 95) for one in film]

    assert frozen(tape(turns))
    assert frozen(tape(scaled * 3))


def test_two_stills_by_turns_are_a_film(media: Path) -> None:
    first, second = (encode(one) for one in reel(media, 2))

    assert frozen(tape([first, second] * 8))


def test_a_covered_lens_is_a_disabled_camera_and_nothing_else() -> None:
    kinds = {change.incident.kind for change in analysed(tape([black()] * 30)).changes}

    assert kinds == {IncidentKind.WEBCAM_DISABLED}


def test_the_state_stays_small_and_cutting_the_stream_changes_nothing(media: Path) -> None:
    records = tape([encode(one) for one in reel(media, 20)] * 3)
    analyst = an_analyst()
    whole = analyst.analyse(None, records)
    state: bytes | None = None
    changes: list[IncidentChange] = []
    for place in range(0, len(records), 7):
        part = analyst.analyse(state, records[place : place + 7])
        state, changes = part.state, [*changes, *part.changes]

    assert tuple(changes) == whole.changes
    assert len(whole.state) < 16_000


def test_an_exam_may_turn_it_off() -> None:
    assert not frozen(tape([painted()] * 30), policy_for(MODERATE.preset, frozen_picture=False))


def test_a_camera_that_is_a_program_is_told_and_never_scored() -> None:
    story = Story()
    for second in range(5):
        story.frame(second, seen(), facts=SEEN_PAGE.model_copy(update={"is_virtual": second < 3}))

    (found,) = story.of(IncidentKind.VIRTUAL_CAMERA)
    assert (found.severity, seconds(found.started_at), seconds(found.ended_at)) == (Severity.TECHNICAL, 0, 3)
    assert story.kinds() == {IncidentKind.VIRTUAL_CAMERA}


def test_a_page_that_never_says_whether_it_is_seen_is_told_after_a_minute() -> None:
    story = Story()
    for second in range(70):
        story.frame(second, seen(), facts=FrameFacts(monotonic_ms=second) if second % 2 else None)
    story.frame(70, seen())

    (found,) = story.of(IncidentKind.VISIBILITY_UNKNOWN)
    assert (found.severity, seconds(found.started_at), seconds(found.ended_at)) == (Severity.TECHNICAL, 0, 70)


def test_a_page_that_says_so_now_and_then_is_none() -> None:
    story = Story()
    for second in range(200):
        story.frame(second, seen(), facts=None if second % 20 else SEEN_PAGE)

    assert story.kinds() == set()
