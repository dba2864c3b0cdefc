"""What the browser reports: tab_change, fullscreen_exit, focus_lost, paste."""

import pytest

from schema.analysis import ChangeKind
from schema.incident import EvidenceMoment, IncidentKind, Severity
from schema.record import BrowserEventKind, ConnectionFactKind
from tests.ml.builder import Story, seen

TAB, FOCUS = IncidentKind.TAB_CHANGE, IncidentKind.FOCUS_LOST
HIDDEN, VISIBLE = BrowserEventKind.TAB_HIDDEN, BrowserEventKind.TAB_VISIBLE
LOST, GAINED = BrowserEventKind.FOCUS_LOST, BrowserEventKind.FOCUS_GAINED


def test_a_hidden_tab_is_at_once_one_incident_until_it_is_visible() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.event(3.2, HIDDEN)
    assert [change.change for change in story.changes] == [ChangeKind.OPENED]
    story.frames(4, 9, seen(1))
    story.event(9.5, VISIBLE)
    [incident] = story.of(TAB)
    assert story.spans(TAB) == [(3.2, 9.5)]
    assert incident.severity is Severity.MEDIUM
    assert incident.confidence == 1.0
    moments = [(e.moment, e.offset) for e in incident.evidence]
    assert moments == [(EvidenceMoment.BEFORE, 2), (EvidenceMoment.AT, 4), (EvidenceMoment.AFTER, 7)]


def test_evidence_may_arrive_after_the_incident_closed() -> None:
    story = Story()
    story.event(3, HIDDEN)
    story.event(4, VISIBLE)
    story.frames(5, 10, seen(1))
    assert [change.change for change in story.changes] == [
        ChangeKind.OPENED,
        ChangeKind.CLOSED,
        ChangeKind.AMENDED,
        ChangeKind.AMENDED,
    ]
    assert story.spans(TAB) == [(3, 4)]


def test_a_tab_hidden_again_during_the_cooldown_is_told_when_the_cooldown_ends() -> None:
    story = Story()
    story.event(3, HIDDEN)
    story.event(4, VISIBLE)
    story.event(6, HIDDEN)
    story.frames(7, 12, seen(1))
    assert story.spans(TAB) == [(3, 4), (6, None)]


def test_leaving_fullscreen_lasts_until_it_is_entered() -> None:
    story = Story()
    story.event(3, BrowserEventKind.FULLSCREEN_EXIT)
    story.event(8, BrowserEventKind.FULLSCREEN_ENTER)
    assert story.spans(IncidentKind.FULLSCREEN_EXIT) == [(3, 8)]
    assert story.of(IncidentKind.FULLSCREEN_EXIT)[0].severity is Severity.LOW


def test_a_paste_ends_as_it_begins() -> None:
    story = Story()
    story.event(3, BrowserEventKind.PASTE)
    story.event(4, BrowserEventKind.PASTE)
    story.event(20, BrowserEventKind.PASTE)
    assert story.spans(IncidentKind.PASTE) == [(3, 3), (20, 20)]


def test_lost_focus_is_an_incident() -> None:
    story = Story()
    story.event(3, LOST)
    story.event(9, GAINED)
    assert story.kinds() == {FOCUS}
    assert story.spans(FOCUS) == [(3, 9)]


@pytest.mark.parametrize("order", [(LOST, HIDDEN), (HIDDEN, LOST)])
def test_focus_lost_with_the_tab_is_only_its_shadow(order: tuple[BrowserEventKind, BrowserEventKind]) -> None:
    story = Story()
    story.event(3.0, order[0])
    story.event(3.2, order[1])
    story.frames(4, 10, seen(1))
    story.event(10.0, VISIBLE)
    story.event(10.1, GAINED)
    story.frames(11, 15, seen(1))
    assert story.kinds() == {TAB}


def test_focus_lost_long_before_the_tab_is_an_incident_of_its_own() -> None:
    story = Story()
    story.event(3, LOST)
    story.event(9, HIDDEN)
    assert story.spans(FOCUS) == [(3, 9)]
    assert story.spans(TAB) == [(9, None)]


def test_the_end_closes_whatever_is_open() -> None:
    story = Story()
    story.event(3, HIDDEN)
    story.event(4, BrowserEventKind.FULLSCREEN_EXIT)
    story.frames(5, 15, seen(0))
    story.fact(15, ConnectionFactKind.ENDED)
    assert story.kinds() == {TAB, IncidentKind.FULLSCREEN_EXIT, IncidentKind.FACE_ABSENT}
    assert {story.spans(kind)[0][1] for kind in story.kinds()} == {15}
