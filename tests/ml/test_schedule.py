"""When the object detector looks, and how often it may look twice."""

from ml.schedule import AFTER_A_HIT, DOUBTS, MOTION, ScheduleMemory, is_due, may_doubt, note_doubt, note_frame
from tests.ml.builder import moment


def looks(frames: list[tuple[int, float, bool]], interval: float = 1.0) -> list[int]:
    """The frames, by number, at which it looks; each is (faces, motion, is there something to hit)."""
    memory, found = ScheduleMemory(faces=1), []
    for number, (faces, motion, hit) in enumerate(frames):
        at = moment(number * interval)
        looked = is_due(memory, at, faces, motion)
        note_frame(memory, at, faces, looked=looked, hit=looked and hit)
        found += [number] if looked else []
    return found


CALM = (1, 0.0, False)


def test_every_four_seconds_from_the_first_frame_on() -> None:
    assert looks([CALM] * 10) == [0, 4, 8]
    assert looks([CALM] * 21, interval=0.2) == [0, 19], (
        "four seconds, or nearly: frames are not sent on the stroke"
    )


def test_at_every_frame_where_frames_are_far_apart() -> None:
    assert looks([CALM] * 4, interval=5.0) == [0, 1, 2, 3]


def test_at_once_when_the_number_of_faces_changes() -> None:
    assert looks([CALM, CALM, (2, 0.0, False), (2, 0.0, False), CALM]) == [0, 2, 4]


def test_at_once_on_motion() -> None:
    assert looks([CALM, CALM, (1, MOTION, False), CALM]) == [0, 2]


def test_on_the_frames_after_a_hit() -> None:
    assert looks([(1, 0.0, True), *[CALM] * 6]) == list(range(1 + AFTER_A_HIT))


def test_on_every_frame_while_it_hits() -> None:
    assert looks([(1, 0.0, True)] * 9) == list(range(9))


def test_what_stays_doubtful_is_looked_at_twice_more_and_more_seldom() -> None:
    memory = ScheduleMemory(faces=1)
    twice = []
    for second in range(120):
        at = moment(second)
        looked = is_due(memory, at, 1, 0.0)
        if looked and may_doubt(memory, at):
            note_doubt(memory, hit=False)
            twice.append(second)
        note_frame(memory, at, 1, looked=looked, hit=False)
    assert twice[: int(DOUBTS)] == list(range(int(DOUBTS)))
    assert len(twice) <= DOUBTS + 120 / 10
