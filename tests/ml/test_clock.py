"""Clocks: one that is set once accuses nobody, one that keeps lying is an incident of its own."""

from schema.incident import IncidentKind, Severity
from schema.record import ConnectionFactKind
from tests.ml.builder import Story, seen

WRONG, RIGHT = ConnectionFactKind.CLOCK_WRONG, ConnectionFactKind.CLOCK_RIGHT
MANIPULATED = IncidentKind.CLOCK_MANIPULATED


def lying(seconds: int) -> Story:
    story = Story()
    for second in range(seconds):
        story.fact(second, WRONG)
        story.frame(second, seen(1))
    story.fact(seconds + 2, RIGHT)
    story.frames(seconds + 3, seconds + 20, seen(1))
    return story


def test_a_clock_that_is_set_once_is_nothing() -> None:
    assert lying(3).kinds() == set()


def test_a_clock_that_keeps_lying_is_one_incident_until_it_is_right() -> None:
    story = lying(30)

    assert story.kinds() == {MANIPULATED}
    assert story.spans(MANIPULATED) == [(0, 32)]
    assert story.of(MANIPULATED)[0].severity is Severity.MEDIUM


def test_a_clock_that_is_set_again_and_again_within_one_exam_is_nothing() -> None:
    story = Story()
    for begin in range(0, 600, 60):
        story.fact(begin, WRONG)
        story.fact(begin + 4, RIGHT)
    assert story.kinds() == set()
