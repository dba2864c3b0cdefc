"""Lost connections, and frames that come late because of them."""

from schema.incident import IncidentKind, Severity
from schema.record import ConnectionFactKind
from tests.ml.builder import Story, seen

LOST, ABSENT = IncidentKind.CONNECTION_LOST, IncidentKind.FACE_ABSENT


def test_a_closed_socket_is_technical_until_one_opens() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.fact(3, ConnectionFactKind.CLOSED)
    story.fact(40, ConnectionFactKind.OPENED)
    story.frames(40, 44, seen(1))
    assert story.kinds() == {LOST}
    assert story.spans(LOST) == [(3, 40)]
    assert story.of(LOST)[0].severity is Severity.TECHNICAL


def test_the_servers_own_silence_is_technical_at_most() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.fact(60, ConnectionFactKind.SERVER_RESTARTED)
    story.fact(60, ConnectionFactKind.CLOSED)
    story.fact(62, ConnectionFactKind.OPENED)
    story.fact(66, ConnectionFactKind.QUIET)
    story.frames(66, 70, seen(1))
    assert story.kinds() == {LOST}


def test_absence_is_not_concluded_from_an_outage() -> None:
    story = Story()
    story.frames(0, 3, seen(0))
    story.fact(3, ConnectionFactKind.CLOSED)
    story.fact(63, ConnectionFactKind.OPENED)
    story.frames(63, 66, seen(0))
    story.frames(66, 70, seen(1))
    assert not story.of(ABSENT)


def test_late_frames_count_by_their_capture_time() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.fact(3, ConnectionFactKind.CLOSED)
    story.fact(63, ConnectionFactKind.OPENED)
    story.frame(63, seen(1))
    for second in range(3, 20):
        story.frame(second, seen(0), received=63)
    for second in range(20, 30):
        story.frame(second, seen(1), received=64)
    story.frames(64, 70, seen(1))
    assert story.spans(ABSENT) == [(3, 20)]


def test_late_frames_from_before_an_incident_do_not_end_it() -> None:
    story = Story()
    story.frames(60, 70, seen(0))
    for second in range(30, 50):
        story.frame(second, seen(1), received=70)
    story.frames(70, 75, seen(0))
    assert story.spans(ABSENT) == [(60, None)]


def test_capture_times_out_of_order_never_make_a_negative_duration() -> None:
    story = Story()
    for second in (5, 3, 9, 1, 12, 7, 15, 20, 2, 30, 28, 40, 0, 41, 44, 39):
        story.frame(second, seen(0))
        story.frame(second - 0.5, seen(2))
    story.fact(-10, ConnectionFactKind.ENDED)
    closed = [change.incident for change in story.changes if change.incident.ended_at is not None]
    assert closed
    assert all(i.ended_at is not None and i.ended_at >= i.started_at for i in closed)
