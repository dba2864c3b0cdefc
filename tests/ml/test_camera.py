"""A camera that shows nothing, and light that is low."""

import pytest

from schema.detection import Picture
from schema.incident import IncidentKind, Preset, Severity, policy_for
from schema.record import BrowserEventKind, ConnectionFactKind
from tests.ml.builder import BLACK_PICTURE, DIM_PICTURE, MODERATE, Story, seen

DISABLED = IncidentKind.WEBCAM_DISABLED
STILL = Picture(130, 50, 400, motion=0.0)


@pytest.mark.parametrize(
    "picture",
    [Picture(3, 20, 300, 1), Picture(120, 2, 300, 1), Picture(120, 50, 3, 1)],
    ids=["dark", "flat", "blurred"],
)
def test_a_blocked_picture_is_a_disabled_webcam(picture: Picture) -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.frames(3, 10, seen(0, picture=picture))
    story.frames(10, 15, seen(1))
    assert story.kinds() == {DISABLED}
    assert story.spans(DISABLED) == [(3, 10)]
    assert story.of(DISABLED)[0].severity is Severity.CRITICAL


def test_a_dim_picture_is_judged_as_if_it_were_lit() -> None:
    lit, dim = Story(), Story()
    lit.frames(0, 8, seen(0, picture=Picture(130, 50, 6, 1)))
    dim.frames(0, 8, seen(1, picture=Picture(45, 20, 6, 1)))
    assert lit.kinds() == {DISABLED}
    assert not dim.changes


def test_a_hand_before_the_lens_for_a_moment_is_not() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.frames(3, 6, seen(0, picture=BLACK_PICTURE))
    story.frames(6, 20, seen(1))
    assert not story.changes


def test_frames_that_do_not_decode_are_no_picture() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.frames(3, 10, None)
    assert story.kinds() == {DISABLED}


def test_an_ended_track_is_at_once_a_disabled_webcam_until_it_starts_again() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.event(3, BrowserEventKind.TRACK_ENDED)
    assert story.kinds() == {DISABLED}
    story.event(9, BrowserEventKind.TRACK_STARTED)
    assert story.of(DISABLED)[0].ended_at is None
    story.frame(10, seen(1))
    assert story.spans(DISABLED) == [(3, 10)]
    assert story.of(DISABLED)[0].confidence == 1.0


def test_a_camera_that_is_busy_from_the_start_is_one_incident_until_its_first_picture() -> None:
    story = Story(MODERATE.model_copy(update={"frozen_picture": False}))
    story.fact(0, ConnectionFactKind.OPENED)
    story.event(0, BrowserEventKind.TRACK_ENDED)
    for second in range(6, 20):
        story.fact(second, ConnectionFactKind.QUIET)
    story.event(20, BrowserEventKind.TRACK_STARTED)
    for second in range(26, 30):
        story.fact(second, ConnectionFactKind.QUIET)
    story.frames(30, 120, seen(1, picture=STILL))
    assert story.kinds() == {DISABLED}
    assert story.spans(DISABLED) == [(0, 30)]


def test_a_camera_that_was_unplugged_and_comes_back_dark_is_one_incident() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.event(3, BrowserEventKind.TRACK_ENDED)
    story.event(3.1, BrowserEventKind.DEVICES_CHANGED)
    story.event(7, BrowserEventKind.DEVICES_CHANGED)
    story.event(8, BrowserEventKind.TRACK_STARTED)
    story.frames(9, 12, seen(0, picture=BLACK_PICTURE))  # the first pictures of a camera are often dark
    story.frames(12, 100, seen(1))
    assert story.kinds() == {DISABLED}
    assert story.spans(DISABLED) == [(3, 12)]


def test_an_opened_camera_that_never_shows_anything_stays_the_same_incident() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.event(3, BrowserEventKind.TRACK_ENDED)
    for begin in (5, 25, 45):
        story.event(begin, BrowserEventKind.TRACK_STARTED)
        for second in range(begin + 6, begin + 10):
            story.fact(second, ConnectionFactKind.QUIET)
        story.event(begin + 12, BrowserEventKind.TRACK_ENDED)
    assert story.spans(DISABLED) == [(3, None)]


def test_a_picture_from_before_the_end_that_comes_late_does_not_end_it() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.event(3, BrowserEventKind.TRACK_ENDED)
    story.frame(2.5, seen(1), received=5)
    assert story.spans(DISABLED) == [(3, None)]


def test_a_still_picture_does_not_prove_that_the_camera_runs_and_a_moving_one_does() -> None:
    story = Story()
    story.event(3, BrowserEventKind.TRACK_ENDED)
    story.frames(4, 8, seen(1, picture=STILL))
    assert story.of(DISABLED)[0].ended_at is None
    story.frame(8, seen(1))
    assert story.spans(DISABLED) == [(3, 8)]


def test_silence_on_an_open_socket_is_a_disabled_webcam() -> None:
    story = Story()
    story.fact(0, ConnectionFactKind.OPENED)
    story.frames(0, 3, seen(1))
    for second in range(6, 15):
        story.fact(second, ConnectionFactKind.QUIET)
    story.frames(15, 18, seen(1))
    assert story.kinds() == {DISABLED}
    assert story.spans(DISABLED) == [(2, 15)]


def test_a_page_that_sends_events_and_no_frames_is_silent_too() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    for second in range(4, 10):
        story.event(second, BrowserEventKind.DEVICES_CHANGED)
    assert story.kinds() == {DISABLED}
    assert story.spans(DISABLED) == [(2, None)]


def test_a_report_that_a_slow_network_held_up_speaks_of_its_own_time() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.event(2.5, BrowserEventKind.FOCUS_LOST, received=12)
    story.event(2.9, BrowserEventKind.FOCUS_GAINED, received=12)
    story.frames(12, 15, seen(1))
    assert DISABLED not in story.kinds()


def test_silence_shorter_than_three_intervals_is_not() -> None:
    story = Story()
    story.fact(0, ConnectionFactKind.OPENED, interval_ms=4000)
    story.frame(0, seen(1))
    for second in range(6, 13):
        story.fact(second, ConnectionFactKind.QUIET, interval_ms=4000)
    assert not story.changes
    story.fact(13, ConnectionFactKind.QUIET, interval_ms=4000)
    assert story.kinds() == {DISABLED}


def test_frames_that_are_wanted_more_often_are_not_missed_before_the_browser_knows() -> None:
    story = Story()
    story.fact(0, ConnectionFactKind.OPENED, interval_ms=8000)
    story.frame(0, seen(1))
    story.fact(7, ConnectionFactKind.PACED, interval_ms=2000)
    story.event(7.5, BrowserEventKind.DEVICES_CHANGED)
    story.frame(8, seen(1))  # its acknowledgement tells of it, and the timer of the next one is set by then
    story.event(15, BrowserEventKind.DEVICES_CHANGED)
    story.frame(16, seen(1))
    assert not story.changes
    story.event(23, BrowserEventKind.DEVICES_CHANGED)
    assert story.spans(DISABLED) == [(16, None)]


def test_silence_ended_by_a_closed_socket_is_a_matter_of_the_connection() -> None:
    story = Story()
    story.frame(0, seen(1))
    story.fact(6, ConnectionFactKind.QUIET)
    story.fact(7, ConnectionFactKind.CLOSED)
    story.fact(60, ConnectionFactKind.OPENED)
    assert story.spans(DISABLED) == [(0, 7)]
    assert story.spans(IncidentKind.CONNECTION_LOST) == [(7, 60)]


def test_a_track_that_ended_and_the_silence_after_it_are_one_incident() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.event(3, BrowserEventKind.TRACK_ENDED)
    for second in range(8, 20):
        story.fact(second, ConnectionFactKind.QUIET)
    story.frames(20, 24, seen(1))
    assert story.spans(DISABLED) == [(3, 20)]


def test_low_light_is_technical_and_never_scored() -> None:
    story = Story()
    story.frames(0, 10, seen(1, picture=DIM_PICTURE))
    story.frames(10, 15, seen(1))
    assert story.kinds() == {IncidentKind.LOW_LIGHT}
    assert story.spans(IncidentKind.LOW_LIGHT) == [(0, 10)]
    assert not story.of(IncidentKind.LOW_LIGHT)[0].is_scored


def test_the_lenient_preset_waits_longer() -> None:
    story = Story(policy_for(Preset.LENIENT))
    story.frames(0, 6, seen(0, picture=BLACK_PICTURE))
    story.frames(6, 12, seen(1))
    assert not story.changes
