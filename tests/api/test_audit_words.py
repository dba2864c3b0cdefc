"""Whatever the audit log may hold has words in both languages: acts, fields, states."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from api.reservations.command import DOORS
from api.reservations.operation_shape import NewOperation
from schema.attempt import Phase
from schema.cohort import CohortVerb
from schema.exam import (
    CheckInStep,
    Criterion,
    Essay,
    ExamPolicy,
    MultipleChoice,
    Numeric,
    NumericTarget,
    Option,
    ReviewPolicy,
    Section,
    SingleChoice,
    TrueFalse,
)
from schema.incident import DetectionPolicy
from schema.journal import ActKind, ActSubject
from schema.model import Message
from schema.outcome import Release
from schema.review import AppealOutcome, IncidentRuling, IntegrityOutcome, ReviewKind, ReviewStage
from schema.role import Role

TEXTS = Path(__file__).parents[2] / "api" / "static" / "text"
OPERATED = "attempt_"
# Never a fact of its own: what identifies its place, or is a heading over the values that are.
PLACES = {"section_id", "title", "questions", "policy"}
PERSON = {"roles", "display_name", "student_number", "cohort", "belongs_to_institution", "email"}
FACTS = PERSON | {
    "phase", "release", "stage", "kind", "attempt_id", "assignee_id", "verdict", "is_on_hold", "question_id",
    "has_seen_right_answers", "duration_factor", "version", "title", "instructions", "section", "question",
}  # fmt: skip
SHAPES: tuple[type[Message], ...] = (
    NewOperation, Option, SingleChoice, MultipleChoice, TrueFalse, Numeric, NumericTarget, Essay, Criterion, Section,
    *(door.body for door in DOORS if door.roles != (Role.STUDENT,)),
)  # fmt: skip
STATES: dict[str, type[StrEnum]] = {
    "standing.phase": Phase,
    "standing.release": Release,
    "shared.role": Role,
    "audit.stage": ReviewStage,
    "audit.step": CheckInStep,
    "audit.review": ReviewKind,
    "audit.ruling": IncidentRuling,
    "audit.subject": ActSubject,
}


@pytest.fixture(params=["en", "de"])
def texts(request: pytest.FixtureRequest) -> dict[str, Any]:
    areas = ("audit", "standing", "authoring", "shared")
    return {area: json.loads((TEXTS / request.param / f"{area}.json").read_text("utf-8")) for area in areas}


def below(texts: dict[str, Any], key: str) -> set[str]:
    found: Any = texts
    for part in key.split("."):
        found = found[part]
    return set(found)


def test_each_act_has_a_name(texts: dict[str, Any]) -> None:
    staff = {f"{OPERATED}{door.update}" for door in DOORS if door.roles != (Role.STUDENT,)}

    assert {*map(str, ActKind), *staff} - below(texts, "audit.act") == set()
    verbs = {str(verb) for verb in CohortVerb if f"{OPERATED}{verb}" not in below(texts, "audit.act")}
    assert verbs - below(texts, "audit.word") == set()


def test_each_field_has_a_name(texts: dict[str, Any]) -> None:
    fields = {name for shape in SHAPES for name in shape.model_fields}
    assert (fields | FACTS) - PLACES - below(texts, "audit.value") == set()

    policies = {
        name for policy in (ExamPolicy, DetectionPolicy, ReviewPolicy) for name in policy.model_fields
    }
    named = below(texts, "audit.value") | below(texts, "authoring.rule") | PLACES
    assert policies - {"detection", "risk", "review", "retention"} - named == set()


@pytest.mark.parametrize("key", STATES)
def test_each_state_has_a_word(texts: dict[str, Any], key: str) -> None:
    assert {str(state) for state in STATES[key]} - below(texts, key) - {"review", "person"} == set()


def test_each_outcome_has_a_word(texts: dict[str, Any]) -> None:
    outcomes = {*map(str, IntegrityOutcome), *map(str, AppealOutcome)}
    assert outcomes - below(texts, "audit.outcome") == set()
