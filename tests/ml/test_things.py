"""Things that an exam forbids."""

from schema.detection import Detections, Thing
from schema.incident import IncidentKind, Preset, Severity, policy_for
from tests.ml.builder import Story, a_sighting, seen

FORBIDDEN = IncidentKind.FORBIDDEN_OBJECT
ONE = (Thing.PERSON,)
PHONE = (Thing.PERSON, Thing.PHONE)


def test_a_phone_in_two_of_three_looks_is_an_incident() -> None:
    story = Story()
    story.frame(0, seen(1, ONE))
    story.frames(1, 5, seen(1))
    story.frame(5, seen(1, PHONE))
    story.frame(6, seen(1, ONE))
    story.frame(7, seen(1, PHONE))
    [incident] = story.of(FORBIDDEN)
    assert incident.severity is Severity.HIGH
    assert story.spans(FORBIDDEN) == [(5, None)]
    assert "cell phone" in incident.rule
    assert ("cell phone", 0.1, 0.1, 0.3, 0.5, 0.9) in incident.evidence[1].boxes


def test_a_phone_seen_once_is_not() -> None:
    story = Story()
    for second in range(0, 20, 5):
        story.frame(second, seen(1, PHONE if second == 5 else ONE))
    assert not story.changes


def test_a_book_counts_only_where_the_exam_forbids_it() -> None:
    allowed, strict = Story(), Story(policy_for(Preset.STRICT, forbidden=(Thing.PHONE, Thing.BOOK)))
    for story in (allowed, strict):
        story.frames(0, 5, seen(1, (Thing.PERSON, Thing.BOOK)))
    assert not allowed.changes
    assert strict.kinds() == {FORBIDDEN}


def test_a_phone_below_the_exams_score_does_not_count() -> None:
    shown = Detections(seen(1).faces, (a_sighting(Thing.PHONE, 0.35),), seen(1).picture)
    moderate, strict = Story(), Story(policy_for(Preset.STRICT))
    for story in (moderate, strict):
        story.frames(0, 5, shown)
    assert not moderate.changes
    assert strict.kinds() == {FORBIDDEN}


def test_it_ends_when_looks_no_longer_show_it() -> None:
    story = Story()
    story.frames(0, 4, seen(1, PHONE))
    story.frames(4, 10, seen(1, ONE))
    assert story.spans(FORBIDDEN) == [(0, 4)]
