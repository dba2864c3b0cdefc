"""What authors may write, and what is wrong with a draft, by JSON pointer."""

from typing import Any

import pytest
from pydantic import ValidationError

from schema.authoring import ExamDraft, complaints, obstacles
from schema.exam import ExamPolicy
from schema.ids import new_id
from schema.incident import Preset, policy_for
from schema.policy_check import policy_complaints
from tests.exam.builder import essay, exam_of, single, true_false

QUESTION = {"kind": "true_false", "text": "Is it?", "answer": True}


def draft(**parts: Any) -> ExamDraft:
    return ExamDraft.model_validate({"title": "Networks", **parts})


def test_sections_and_questions_get_the_ids_they_lack() -> None:
    question_id = new_id()

    made = draft(sections=[{"questions": [QUESTION, {**QUESTION, "question_id": str(question_id)}]}])

    first, second = made.sections[0].questions
    assert second.question_id == question_id
    assert len({made.sections[0].section_id, first.question_id, second.question_id}) == 3


@pytest.mark.parametrize("preset", list(Preset))
def test_naming_a_preset_brings_its_thresholds(preset: Preset) -> None:
    assert draft(policy={"detection": {"preset": preset}}).policy.detection == policy_for(preset)


def test_thresholds_win_over_the_preset() -> None:
    detection = draft(
        policy={"detection": {"preset": "strict", "face_absent_after": "PT8S"}}
    ).policy.detection

    assert detection.face_absent_after.total_seconds() == 8
    assert detection.object_score == policy_for(Preset.STRICT).object_score


@pytest.mark.parametrize(
    "wrong",
    [
        {"policy": {"detection": {"preset": "harsh"}}},
        {"policy": {"detection": "strict"}},
        {"policy": {"duration": "PT0S"}},
        {"policy": {"pass_mark": 101}},
        {"sections": [{"questions": [{**QUESTION, "colour": "red"}]}]},
        {"sections": [{"questions": [7]}]},
        {"sections": [7]},
        {"sections": 7},
        {"title": ""},
        {"version": 3},
    ],
)
def test_refuses_what_has_another_shape(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        draft(**wrong)


@pytest.mark.parametrize(
    "question",
    [
        {
            "kind": "single_choice",
            "text": "?",
            "options": [{"key": "a", "text": "A"}, {"key": "b", "text": "B"}],
        },
        {
            "kind": "single_choice",
            "text": "?",
            "options": [{"key": k, "text": k, "fraction": "0.5"} for k in ("a", "b")],
        },
        {
            "kind": "multiple_choice",
            "text": "?",
            "options": [{"key": "a", "text": "A", "fraction": 1}, {"key": "a", "text": "B"}],
        },
        {"kind": "numeric", "text": "?", "targets": []},
        {"kind": "numeric", "text": "?", "targets": [{"value": 1, "fraction": "0.5"}]},
        {"kind": "numeric", "text": "?", "targets": [{"value": 1, "tolerance": -1}]},
        {"kind": "numeric", "text": "?", "targets": [{"value": "1E+999999"}]},
        {"kind": "numeric", "text": "?", "targets": [{"value": "NaN"}]},
        {"kind": "essay", "text": "?", "points": 3, "rubric": [{"key": "a", "text": "A", "points": 2}]},
        {
            "kind": "essay",
            "text": "?",
            "points": 2,
            "rubric": [{"key": "a", "text": "A", "points": 1}, {"key": "a", "text": "B", "points": 1}],
        },
        {**QUESTION, "points": -1},
        {**QUESTION, "points": "1.0001"},
        {**QUESTION, "text": ""},
    ],
)
def test_refuses_questions_that_cannot_be_marked(question: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        draft(sections=[{"questions": [question]}])


def test_repeated_ids_are_named_by_their_place() -> None:
    repeated = {**QUESTION, "question_id": str(new_id())}

    made = draft(sections=[{"questions": [repeated]}, {"questions": [QUESTION, repeated]}])

    assert [pointer for pointer, _ in complaints(made)] == ["/sections/1/questions/1/question_id"]


@pytest.mark.parametrize(
    ("policy", "pointer"),
    [
        ({"hold": "PT0S"}, "/policy/hold"),
        ({"cancel_cut_off": "-PT1H"}, "/policy/cancel_cut_off"),
        ({"frame_interval": "PT0.01S"}, "/policy/frame_interval"),
        ({"reminders": ["PT1H", "PT0S"]}, "/policy/reminders/1"),
        ({"reminders": ["PT1H", "PT1H"]}, "/policy/reminders"),
        ({"review": {"remind_after": "P2D", "escalate_after": "P1D"}}, "/policy/review"),
        ({"retention": {"media": "-P1D"}}, "/policy/retention/media"),
        ({"detection": {"face_score": 1.5}}, "/policy/detection/face_score"),
        ({"detection": {"object_frames": [4, 3]}}, "/policy/detection/object_frames"),
        ({"detection": {"cooldown": "PT1H"}}, "/policy/detection/cooldown"),
        ({"risk": {"alert_at": 0}}, "/policy/risk/alert_at"),
        (
            {"risk": {"weights": {"technical": 0, "low": 1, "medium": 3, "high": 8}}},
            "/policy/risk/weights/critical",
        ),
    ],
)
def test_what_a_policy_contradicts_is_named(policy: dict[str, Any], pointer: str) -> None:
    assert [found for found, _ in complaints(draft(policy=policy))] == [pointer]


@pytest.mark.parametrize("preset", list(Preset))
def test_the_defaults_are_fine(preset: Preset) -> None:
    assert policy_complaints(ExamPolicy(detection=policy_for(preset))) == []


def test_an_exam_is_published_with_questions_and_points_only() -> None:
    assert obstacles(exam_of([single(), essay()])) == []
    assert [at for at, _ in obstacles(exam_of())] == ["/sections"]
    assert [at for at, _ in obstacles(exam_of([true_false(points="0")]))] == ["/sections"]
    assert [at for at, _ in obstacles(exam_of([single()], []))] == ["/sections/1"]
