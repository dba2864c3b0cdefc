"""The analyst: from records to incidents, in one run or in many."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.ports import Watcher
from ml.analyst import FrameAnalyst
from ml.build import Analysts
from ml.detector import Detectors
from schema.analysis import Analysis, IncidentChange
from schema.detection import Thing
from schema.incident import DetectionPolicy, IncidentKind
from schema.record import BrowserEventKind, ConnectionFactKind, Record, RecordKind
from tests.ml.builder import ATTEMPT, MODERATE, STREAM, Tape, moment, opened
from tests.ml.painted import PaintedFaces, PaintedObjects, black, painted, painted_detectors

STATE_LIMIT = 64 * 1024
CALM, EMPTY, SEVERAL, PHONE, MOVED = (
    painted(),
    painted(0, 0),
    painted(2, 2),
    painted(phones=1),
    painted(shade=40),
)
BODIES = {RecordKind.FRAME: [CALM, EMPTY, SEVERAL, PHONE, MOVED, black(), b"broken"]}
STILLS = MODERATE.model_copy(update={"frozen_picture": False})  # painted pictures stand still
POLICY = STILLS.model_copy(update={"looking_away": True})


def an_analyst(objects: PaintedObjects | None = None, policy: DetectionPolicy = POLICY) -> FrameAnalyst:
    return FrameAnalyst(ATTEMPT, policy, painted_detectors(objects))


def test_an_eventful_minute() -> None:
    tape = Tape()
    tape.fact(0, ConnectionFactKind.OPENED)
    shown = [CALM] * 5 + [EMPTY] * 10 + [CALM] * 5 + [SEVERAL] * 5 + [CALM] * 5 + [PHONE] * 8 + [CALM] * 6
    for second, jpeg in enumerate(shown):
        tape.frame(second, jpeg)
    tape.event(45, BrowserEventKind.TAB_HIDDEN)
    tape.fact(50, ConnectionFactKind.ENDED)
    analysis = an_analyst().analyse(None, tape.records)
    assert [incident.kind for incident in opened(list(analysis.changes))] == [
        IncidentKind.FACE_ABSENT,
        IncidentKind.MULTIPLE_FACES,
        IncidentKind.FORBIDDEN_OBJECT,
        IncidentKind.TAB_CHANGE,
    ]
    assert (analysis.frames, analysis.unreadable) == (len(shown), 0)
    assert analysis.offset == tape.records[-1].offset


def test_broken_frames_are_counted_and_harm_nothing() -> None:
    tape = Tape()
    for second, body in enumerate([CALM, b"", b"\xff\xd8\xff\xd9", b"no picture", CALM[:300], CALM]):
        tape.frame(second, body)
    analysis = an_analyst().analyse(None, tape.records)
    assert (analysis.frames, analysis.unreadable) == (6, 4)
    assert not analysis.changes


def test_a_body_that_is_no_event_is_passed_over() -> None:
    records = [
        Record(n, kind, STREAM, n, moment(n), moment(n), b"{]")
        for n, kind in enumerate((RecordKind.BROWSER_EVENT, RecordKind.CONNECTION))
    ]
    analysis = an_analyst().analyse(None, records)
    assert not analysis.changes
    assert analysis.offset == 1


def test_records_seen_before_are_passed_over() -> None:
    tape = Tape()
    for second in range(12):
        tape.frame(second, EMPTY)
    first = an_analyst().analyse(None, tape.records)
    again = an_analyst().analyse(first.state, tape.records)
    assert (again.frames, again.changes, again.state) == (0, (), first.state)


def test_nothing_to_analyse_changes_nothing() -> None:
    state = an_analyst().analyse(None, []).state
    assert an_analyst().analyse(state, []).offset == -1


def test_the_object_detector_looks_every_four_seconds_at_a_calm_stream() -> None:
    objects, tape = PaintedObjects(), Tape()
    for second in range(50):
        tape.frame(second, CALM)
    an_analyst(objects).analyse(None, tape.records)
    assert objects.looks == 13


def test_without_an_object_detector_faces_are_still_watched() -> None:
    tape = Tape()
    for second in range(12):
        tape.frame(second, painted(0, 0, phones=2))
    analysis = FrameAnalyst(ATTEMPT, STILLS, Detectors(PaintedFaces(), None)).analyse(None, tape.records)
    assert {change.incident.kind for change in analysis.changes} == {IncidentKind.FACE_ABSENT}


def test_analysts_fill_the_activities_port() -> None:
    analysts = Analysts(painted_detectors())
    watcher: Watcher = analysts.watcher(ATTEMPT, MODERATE)
    tape = Tape()
    tape.frame(0, CALM)
    assert "painted faces" in analysts.model_version
    assert watcher.analyse(None, tape.records).frames == 1


def test_an_incident_names_models_and_rules() -> None:
    tape = Tape()
    for second in range(9):
        tape.frame(second, EMPTY)
    model = an_analyst().analyse(None, tape.records).changes[0].incident.model
    assert "painted faces 1 000000000000" in model
    assert "rules" in model


def test_a_state_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(ValueError, match="AnalystMemory"):
        an_analyst().analyse(b'{"offset": 1, "surprise": 2}', [])


@st.composite
def tapes(draw: st.DrawFn) -> list[Record]:
    """Up to a hundred records of every kind, at times that mostly but not always go forward."""
    kinds = st.sampled_from([RecordKind.FRAME] * 6 + [RecordKind.BROWSER_EVENT, RecordKind.CONNECTION])
    steps = st.sampled_from([0.5, 1, 1, 1, 1, 1, 2, 3, 7, 30, -0.4, -25])
    tape, second = Tape(), 0.0
    for _ in range(draw(st.integers(1, 100))):
        second += draw(steps)
        match draw(kinds):
            case RecordKind.FRAME:
                body = draw(st.sampled_from(BODIES[RecordKind.FRAME]))
                for _ in range(draw(st.integers(1, 8))):
                    tape.frame(second, body)
                    second += 1
            case RecordKind.BROWSER_EVENT:
                tape.event(second, draw(st.sampled_from(BrowserEventKind)))
            case RecordKind.CONNECTION:
                tape.fact(second, draw(st.sampled_from(ConnectionFactKind)))
    return tape.records


def in_pieces(records: list[Record], cuts: list[int]) -> tuple[list[IncidentChange], list[Analysis]]:
    """The records analysed piece by piece, each by a fresh analyst from the state the one before left."""
    edges = [0, *sorted({cut % (len(records) + 1) for cut in cuts}), len(records)]
    state, pieces = None, []
    for begin, end in pairwise(edges):
        pieces.append(an_analyst().analyse(state, records[begin:end]))
        state = pieces[-1].state
    return [change for piece in pieces for change in piece.changes], pieces


@settings(max_examples=40, deadline=None)
@given(records=tapes(), cuts=st.lists(st.integers(0, 1000), max_size=8))
def test_cutting_the_stream_anywhere_changes_nothing(records: list[Record], cuts: list[int]) -> None:
    whole = an_analyst().analyse(None, records)
    changes, pieces = in_pieces(records, cuts)
    assert changes == list(whole.changes)
    assert pieces[-1].state == whole.state
    assert sum(piece.frames for piece in pieces) == whole.frames
    assert sum(piece.unreadable for piece in pieces) == whole.unreadable


@settings(max_examples=40, deadline=None)
@given(records=tapes())
def test_whatever_happens_incidents_are_sound(records: list[Record]) -> None:
    analysis = an_analyst().analyse(None, records)
    incidents = [change.incident for change in analysis.changes]
    assert all(i.ended_at is None or i.ended_at >= i.started_at for i in incidents)
    assert all(0 <= i.confidence <= 1 for i in incidents)
    assert len({i.incident_id for i in opened(list(analysis.changes))}) == len(opened(list(analysis.changes)))
    assert len(analysis.state) < STATE_LIMIT
    assert isinstance(json.loads(analysis.state), dict)


def test_the_fullest_state_stays_small() -> None:
    tape = Tape()
    policy = POLICY.model_copy(update={"forbidden": tuple(Thing)})
    for second in range(60):
        tape.frame(second, painted(4, 4, 4) if second % 12 < 4 else (EMPTY if second % 12 < 11 else black()))
        tape.event(second, list(BrowserEventKind)[second % len(BrowserEventKind)])
    analysis = an_analyst(policy=policy).analyse(None, tape.records)
    assert 1_000 < len(analysis.state) < STATE_LIMIT / 2
