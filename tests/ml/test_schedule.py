"""When the object detector looks."""

from ml.schedule import AFTER_A_HIT, EVERY, MOTION, ScheduleMemory, is_due, note_frame


def looks(frames: list[tuple[int, float, bool]]) -> list[int]:
    """The frames, by number, at which it looks; each is (faces, motion, is there something to hit)."""
    memory, found = ScheduleMemory(faces=1), []
    for number, (faces, motion, hit) in enumerate(frames):
        looked = is_due(memory, faces, motion)
        note_frame(memory, faces, looked=looked, hit=looked and hit)
        found += [number] if looked else []
    return found


CALM = (1, 0.0, False)


def test_every_fifth_frame_from_the_first_on() -> None:
    assert looks([CALM] * 12) == [0, EVERY, 2 * EVERY]


def test_at_once_when_the_number_of_faces_changes() -> None:
    assert looks([CALM, CALM, (2, 0.0, False), (2, 0.0, False), CALM]) == [0, 2, 4]


def test_at_once_on_motion() -> None:
    assert looks([CALM, CALM, (1, MOTION, False), CALM]) == [0, 2]


def test_on_the_frames_after_a_hit() -> None:
    assert looks([(1, 0.0, True), *[CALM] * 6])[: 1 + AFTER_A_HIT] == list(range(1 + AFTER_A_HIT))
    assert looks([(1, 0.0, True), *[CALM] * 6])[1 + AFTER_A_HIT :] == []


def test_on_every_frame_while_it_hits() -> None:
    assert looks([(1, 0.0, True)] * 9) == list(range(9))
