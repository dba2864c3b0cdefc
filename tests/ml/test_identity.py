"""The person at check-in and the person in the exam: when faces are compared, and what opens other_person."""

from datetime import timedelta

import pytest

from ml.analyst import FrameAnalyst
from ml.detector import Detectors
from ml.frame import Pixels, decode
from ml.identity.likeness import Likeness, LikenessMemory, NoLikeness
from schema.analysis import ChangeKind
from schema.detection import Box, Detections, Face
from schema.incident import IncidentKind, Preset, Severity, policy_for
from tests.ml.builder import ATTEMPT, CLEAR_PICTURE, Story, Tape, a_face, moment, seen
from tests.ml.embedder_contract import holds
from tests.ml.painted import PaintedEmbedder, PaintedFaces, PaintedObjects, black, painted

BASIS = "consent under Art. 9(2)(a) GDPR"
ASKED = policy_for(Preset.MODERATE, other_person=True, other_person_basis=BASIS)
KIND = IncidentKind.OTHER_PERSON
PIXELS = decode(painted())


def compared(far: float | None) -> Detections:
    """A frame whose only face is this far from the one at check-in."""
    return Detections((a_face(),), None, CLEAR_PICTURE, unlikeness=far)


def told(story: Story, distances: list[float], every: int = 10) -> Story:
    """A frame a second; one in ten is compared."""
    for place, far in enumerate(distances):
        story.frame(place * every, compared(far))
        story.frames(place * every + 1, (place + 1) * every, seen(1))
    return story


def test_it_is_off_unless_the_exam_turns_it_on() -> None:
    assert told(Story(), [0.9] * 6).of(KIND) == []


def test_three_of_four_comparisons_open_it_for_a_person_to_look_at() -> None:
    (incident,) = told(Story(ASKED), [0.4, 0.8, 0.4, 0.7, 0.8, 0.9]).of(KIND)

    assert incident.severity is Severity.LOW
    assert incident.started_at == moment(10)
    assert incident.ended_at is None
    assert "only a person can tell who it is" in incident.rule
    assert incident.confidence == pytest.approx(0.6, abs=0.05)


def test_it_ends_after_two_comparisons_that_fit() -> None:
    story = told(Story(ASKED), [0.8, 0.8, 0.8, 0.3, 0.8, 0.4, 0.4])

    assert story.spans(KIND) == [(0, 50)]


@pytest.mark.parametrize(
    "distances",
    [[0.4] * 9, [0.58] * 9, [0.9, 0.4, 0.4, 0.9, 0.4, 0.4, 0.9], [0.6] * 9],
    ids=["the same", "in doubt", "now and then", "at the limit"],
)
def test_a_likeness_in_doubt_accuses_nobody(distances: list[float]) -> None:
    assert told(Story(ASKED), distances).of(KIND) == []


def test_a_lost_connection_between_comparisons_changes_nothing() -> None:
    story = Story(ASKED)
    for second in (0, 10, 200):
        story.frame(second, compared(0.9))

    assert story.spans(KIND) == [(0, None)]


def likeness(embedder: PaintedEmbedder) -> Likeness:
    return Likeness.of_photo(embedder, PaintedFaces(), painted())


def test_faces_are_compared_every_ten_seconds_of_the_stream() -> None:
    embedder, memory = PaintedEmbedder(), LikenessMemory()
    compare = likeness(embedder)
    assert PIXELS is not None

    found = [compare.look(memory, PIXELS, (a_face(),), moment(second)) for second in range(25)]

    assert [second for second, far in enumerate(found) if far is not None] == [0, 10, 20]
    assert compare.look(memory, PIXELS, (a_face(),), moment(5)) == 0.0, (
        "a clock that jumped back stops nothing"
    )


@pytest.mark.parametrize(
    "faces",
    [
        (),
        (a_face(), a_face()),
        (a_face(nose_x=0.55),),
        (Face(Box(0.4, 0.4, 0.5, 0.6), 0.9, a_face().keypoints),),
    ],
    ids=["nobody", "two", "turned away", "small"],
)
def test_a_face_that_says_nothing_is_not_compared_and_the_next_one_is(faces: tuple[Face, ...]) -> None:
    memory, compare = LikenessMemory(), likeness(PaintedEmbedder())
    assert PIXELS is not None

    assert compare.look(memory, PIXELS, faces, moment(0)) is None
    assert compare.look(memory, PIXELS, (a_face(),), moment(1)) == 0.0


def test_a_photo_without_a_face_or_that_is_no_picture_is_said() -> None:
    with pytest.raises(NoLikeness, match="shows no face"):
        Likeness.of_photo(PaintedEmbedder(), PaintedFaces(), black())
    with pytest.raises(NoLikeness, match="cannot be read"):
        Likeness.of_photo(PaintedEmbedder(), PaintedFaces(), b"no picture")


class Portrait(PaintedFaces):
    """One face that is large enough to be compared."""

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        """See FaceDetector."""
        return (a_face(),)


def test_from_frames_to_the_incident_and_no_measure_is_in_the_state() -> None:
    tape = Tape()
    for second in range(45):
        tape.frame(second, painted(shade=second if second < 10 else 50 + second))
    embedder = PaintedEmbedder()
    analyst = FrameAnalyst(ATTEMPT, ASKED, Detectors(Portrait(), PaintedObjects()), likeness(embedder))
    whole = analyst.analyse(None, tape.records)
    half = analyst.analyse(None, tape.records[:23])
    rest = FrameAnalyst(ATTEMPT, ASKED, Detectors(Portrait(), PaintedObjects()), likeness(embedder)).analyse(
        half.state, tape.records[23:]
    )

    opened = [c.incident for c in whole.changes if c.change is ChangeKind.OPENED]
    assert [(i.kind, i.started_at - moment(0)) for i in opened] == [(KIND, timedelta(seconds=10))]
    assert "painted measures" in opened[0].model
    assert (half.changes + rest.changes, rest.state) == (whole.changes, whole.state)
    assert PIXELS is not None
    assert whole.state is not None
    assert str(embedder.embed(PIXELS, a_face())[0]).encode() not in whole.state


def test_the_twin_keeps_the_contract() -> None:
    one, other = decode(painted()), decode(painted(shade=60))
    assert one is not None
    assert other is not None

    holds(PaintedEmbedder(), (one, a_face()), (one, a_face(0.7)), (other, a_face()))
