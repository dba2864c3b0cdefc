"""The risk score: weights times confidence, and one alert per crossing."""

from datetime import UTC, datetime

import pytest

from schema.ids import new_id
from schema.incident import SEVERITY, IncidentKind, IncidentSignal, Severity
from schema.risk import RiskPolicy, raises_alert, score_of
from workflows.search import risk_level

POLICY = RiskPolicy()


def incident(kind: IncidentKind, confidence: float = 1.0) -> IncidentSignal:
    return IncidentSignal(
        incident_id=new_id(),
        kind=kind,
        severity=SEVERITY[kind],
        confidence=confidence,
        started_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("kind", "confidence", "score"),
    [
        (IncidentKind.PASTE, 1.0, 1.0),
        (IncidentKind.TAB_CHANGE, 0.5, 1.5),
        (IncidentKind.FORBIDDEN_OBJECT, 0.25, 2.0),
        (IncidentKind.MULTIPLE_FACES, 1.0, 20.0),
        (IncidentKind.DETECTOR_DOWN, 1.0, 0.0),
    ],
)
def test_severity_weighs_and_confidence_counts(kind: IncidentKind, confidence: float, score: float) -> None:
    assert score_of(incident(kind, confidence), POLICY) == score


def test_what_is_technical_is_never_scored_whatever_the_exam_says() -> None:
    strict = RiskPolicy(weights=dict.fromkeys(Severity, 100.0))

    assert score_of(incident(IncidentKind.LOW_LIGHT), strict) == 0
    assert not raises_alert(0, incident(IncidentKind.CONNECTION_LOST), strict)


@pytest.mark.parametrize(("before", "alerts"), [(0.0, False), (11.9, False), (12.0, True), (20.0, False)])
def test_one_alert_per_crossing(before: float, alerts: bool) -> None:
    assert raises_alert(before, incident(IncidentKind.FACE_ABSENT), POLICY) is alerts


def test_a_critical_incident_always_alerts() -> None:
    assert raises_alert(50.0, incident(IncidentKind.WEBCAM_DISABLED, 0.1), POLICY)


@pytest.mark.parametrize(
    ("score", "level"), [(0, "none"), (0.5, "low"), (10, "elevated"), (19.9, "elevated"), (20, "high")]
)
def test_the_score_in_words(score: float, level: str) -> None:
    assert risk_level(score, POLICY) == level
