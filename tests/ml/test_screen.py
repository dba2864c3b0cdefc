"""A screen that is to be shared: not shared is an incident where the exam asks for it, and only there."""

from ml.analyst import FrameAnalyst
from schema.incident import IncidentKind, Preset, Severity, policy_for
from schema.record import BrowserEventKind, ConnectionFactKind, RecordKind
from tests.ml.builder import ATTEMPT, Story, Tape, seen
from tests.ml.painted import painted_detectors

ASKED = policy_for(Preset.MODERATE, screen_share=True)
ENDED = IncidentKind.SCREEN_SHARE_ENDED


def shared(story: Story, begin: int, end: int) -> None:
    """A frame a second, and a picture of the screen every fifth."""
    for second in range(begin, end):
        story.frame(second, seen(1))
        if second % 5 == 0:
            story.screen(second)


def test_sharing_that_ends_is_one_incident_until_there_is_a_picture_again() -> None:
    story = Story(ASKED)
    story.fact(0, ConnectionFactKind.OPENED)
    shared(story, 0, 20)
    story.event(20, BrowserEventKind.SCREEN_ENDED)
    story.frames(21, 100, seen(1))
    story.event(100, BrowserEventKind.SCREEN_STARTED)
    shared(story, 100, 120)

    assert story.spans(ENDED) == [(20, 100)]
    assert story.of(ENDED)[0].severity is Severity.MEDIUM
    assert story.kinds() == {ENDED}


def test_a_screen_that_is_never_shared_is_found_without_a_word_of_the_browser() -> None:
    story = Story(ASKED)
    story.fact(0, ConnectionFactKind.OPENED)
    story.frames(1, 50, seen(1))
    assert story.kinds() == set()
    story.frames(50, 90, seen(1))

    assert story.spans(ENDED) == [(0, None)]


def test_a_connection_that_is_lost_is_no_screen_that_is_not_shared() -> None:
    story = Story(ASKED)
    story.fact(0, ConnectionFactKind.OPENED)
    shared(story, 1, 20)
    story.fact(20, ConnectionFactKind.CLOSED)
    story.fact(300, ConnectionFactKind.OPENED)
    story.frames(301, 330, seen(1))
    shared(story, 330, 350)

    assert ENDED not in story.kinds()


def test_an_exam_that_does_not_ask_has_no_such_incident() -> None:
    story = Story()
    story.fact(0, ConnectionFactKind.OPENED)
    story.event(5, BrowserEventKind.SCREEN_ENDED)
    story.frames(6, 120, seen(1))

    assert story.kinds() == set()


def test_no_detector_looks_at_a_screen() -> None:
    tape = Tape()
    tape.fact(0, ConnectionFactKind.OPENED)
    tape.screen(1, b"nothing that decodes")

    analysis = FrameAnalyst(ATTEMPT, ASKED, painted_detectors()).analyse(None, tape.records)

    assert tape.records[1].kind is RecordKind.SCREEN
    assert (analysis.frames, analysis.unreadable, analysis.changes) == (0, 0, ())
    assert analysis.offset == tape.records[-1].offset
