"""Who is before the camera: face_absent, multiple_faces, looking_away."""

import pytest

from schema.analysis import ChangeKind
from schema.detection import Thing
from schema.incident import EvidenceMoment, IncidentKind, Preset, Severity, policy_for
from tests.ml.builder import BLACK_PICTURE, MODERATE, Story, a_face, seen

ABSENT, SEVERAL, AWAY = IncidentKind.FACE_ABSENT, IncidentKind.MULTIPLE_FACES, IncidentKind.LOOKING_AWAY


def test_no_face_for_more_than_five_seconds_is_an_incident() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.frames(3, 12, seen(0))
    story.frames(12, 20, seen(1))
    [incident] = story.of(ABSENT)
    assert story.spans(ABSENT) == [(3, 12)]
    assert incident.severity is Severity.HIGH
    assert incident.rule == "no face for more than 5 s"
    assert incident.opening_offset == 9, "more than five seconds, so not the frame at exactly five"


def test_five_seconds_without_a_face_are_not_enough() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.frames(3, 9, seen(0))
    story.frames(9, 15, seen(1))
    assert not story.changes


def test_one_frame_without_a_face_and_then_none_at_all_proves_nothing() -> None:
    story = Story()
    story.frame(0, seen(1))
    story.frame(1, seen(0))
    story.frame(8, seen(0))
    story.frame(15, seen(1))
    assert not story.of(ABSENT)


def test_a_face_seen_once_starts_the_absence_over() -> None:
    story = Story()
    story.frames(0, 5, seen(0))
    story.frame(5, seen(1))
    story.frames(6, 11, seen(0))
    assert not story.changes


def test_a_person_whose_face_is_turned_away_is_still_no_face_but_less_sure() -> None:
    turned, empty = Story(), Story()
    turned.frames(0, 8, seen(0, (Thing.PERSON,)))
    empty.frames(0, 8, seen(0, ()))
    assert turned.of(ABSENT)[0].confidence < empty.of(ABSENT)[0].confidence


def test_a_covered_camera_is_no_absent_face() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.frames(3, 30, seen(0, picture=BLACK_PICTURE))
    assert story.kinds() == {IncidentKind.WEBCAM_DISABLED}


def test_absence_ends_only_after_a_face_stayed_for_the_leaving_time() -> None:
    story = Story()
    story.frames(0, 8, seen(0))
    story.frame(8, seen(1))
    story.frames(9, 12, seen(0))
    assert story.of(ABSENT)[0].ended_at is None
    story.frames(12, 15, seen(1))
    assert story.spans(ABSENT) == [(0, 12)]


def test_cooldown_delays_the_next_incident_of_the_kind() -> None:
    story = Story(policy_for(Preset.MODERATE, cooldown="PT20S"))
    story.frames(0, 8, seen(0))
    story.frames(8, 12, seen(1))
    story.frames(12, 40, seen(0))
    spans = story.spans(ABSENT)
    assert spans == [(0, 8), (12, None)]
    assert story.of(ABSENT)[1].opening_offset == 28


def test_a_second_face_in_two_of_three_frames_is_an_incident() -> None:
    story = Story()
    story.frame(0, seen(1))
    story.frame(1, seen(2))
    assert not story.changes
    story.frame(2, seen(1))
    story.frame(3, seen((a_face(0.9), a_face(0.7))))
    [incident] = story.of(SEVERAL)
    assert incident.severity is Severity.CRITICAL
    assert incident.confidence == pytest.approx(0.8), "the mean of the second faces' scores, 0.9 and 0.7"


def test_a_second_face_in_one_frame_of_three_is_not() -> None:
    story = Story()
    for second in range(0, 12, 3):
        story.frame(second, seen(2))
        story.frames(second + 1, second + 3, seen(1))
    assert not story.changes


def test_faces_below_the_exams_score_do_not_count() -> None:
    story = Story()
    story.frames(0, 10, seen((a_face(0.9), a_face(MODERATE.face_score - 0.01))))
    assert not story.changes


def test_a_second_person_without_a_face_is_found_by_the_object_detector() -> None:
    story = Story()
    story.frame(0, seen(1, (Thing.PERSON,)))
    story.frame(5, seen(1, (Thing.PERSON, Thing.PERSON)))
    story.frame(6, seen(1, (Thing.PERSON, Thing.PERSON)))
    story.frame(7, seen(1, (Thing.PERSON,)))
    story.frame(9, seen(1, (Thing.PERSON,)))
    [incident] = story.of(SEVERAL)
    assert story.spans(SEVERAL) == [(5, 7)]
    assert "persons" in incident.rule
    assert [box[0] for box in incident.evidence[1].boxes] == ["face", "person", "person"]


def test_frames_the_object_detector_skipped_say_nothing_about_persons() -> None:
    story = Story()
    story.frame(0, seen(1, (Thing.PERSON, Thing.PERSON)))
    story.frame(1, seen(1, (Thing.PERSON, Thing.PERSON)))
    story.frames(2, 30, seen(1))
    assert story.of(SEVERAL)[0].ended_at is None


def test_evidence_shows_before_at_and_after() -> None:
    story = Story()
    story.frames(0, 3, seen(1))
    story.frames(3, 15, seen(0))
    evidence = story.of(ABSENT)[0].evidence
    assert [(e.moment, e.offset) for e in evidence] == [
        (EvidenceMoment.BEFORE, 2),
        (EvidenceMoment.AT, 9),
        (EvidenceMoment.AFTER, 12),
    ]
    assert [change.change for change in story.changes] == [ChangeKind.OPENED, ChangeKind.AMENDED]


def test_looking_away_is_off_unless_the_exam_turns_it_on() -> None:
    story = Story()
    story.frames(0, 30, seen((a_face(nose_x=0.58),)))
    assert not story.changes


def test_looking_away_for_five_seconds_is_an_incident_where_the_exam_asks() -> None:
    story = Story(policy_for(Preset.MODERATE, looking_away=True))
    story.frames(0, 3, seen(1))
    story.frames(3, 12, seen((a_face(nose_x=0.58),)))
    story.frames(12, 16, seen(1))
    assert story.spans(AWAY) == [(3, 12)]
    assert story.of(AWAY)[0].severity is Severity.LOW


def test_a_glance_aside_is_not() -> None:
    story = Story(policy_for(Preset.MODERATE, looking_away=True))
    story.frames(0, 5, seen((a_face(nose_x=0.58),)))
    story.frames(5, 10, seen((a_face(nose_x=0.53),)))
    assert not story.changes
