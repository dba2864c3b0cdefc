"""What a decided review tells: outcome and rulings, never the reasons."""

from datetime import UTC, datetime
from uuid import UUID

from schema.events import ReviewDecided, RuledIncident
from schema.publication import told_by_review
from schema.review import (
    AppealOutcome,
    AppealVerdict,
    IncidentRuling,
    IncidentVerdict,
    IntegrityOutcome,
    IntegrityVerdict,
    ReviewInput,
    ReviewKind,
    ReviewState,
    Verdict,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
INCIDENT = UUID(int=9)


def decided(kind: ReviewKind, verdict: Verdict) -> ReviewDecided:
    review = ReviewInput(
        review_id=UUID(int=1),
        attempt_id=UUID(int=2),
        exam_id=UUID(int=3),
        organisation_id=UUID(int=4),
        kind=kind,
        subject=f"{kind}:1",
    )
    state = ReviewState(
        review=review,
        opened_at=NOW,
        remind_at=NOW,
        escalate_at=NOW,
        decided_by=UUID(int=5),
        decided_at=NOW,
        verdict=verdict,
    )
    (told,) = told_by_review(state, is_new=False)
    assert isinstance(told.data, ReviewDecided)
    return told.data


def test_an_integrity_decision_tells_each_ruling_without_its_reason() -> None:
    ruling = IncidentVerdict(
        incident_id=INCIDENT, ruling=IncidentRuling.NOT_AN_INCIDENT, reason="her brother passed by"
    )

    data = decided(
        ReviewKind.INTEGRITY,
        IntegrityVerdict(outcome=IntegrityOutcome.CLEARED, reason="nothing in it", incidents=(ruling,)),
    )

    assert data.outcome == "cleared"
    assert data.rulings == (RuledIncident(incident_id=INCIDENT, ruling="not_an_incident"),)
    assert "brother" not in data.model_dump_json()


def test_other_decisions_rule_on_no_incident() -> None:
    data = decided(
        ReviewKind.APPEAL, AppealVerdict(outcome=AppealOutcome.DISMISSED, reason="marked correctly")
    )

    assert data.rulings == ()


def test_a_decision_of_an_earlier_version_has_no_rulings() -> None:
    data = decided(
        ReviewKind.APPEAL, AppealVerdict(outcome=AppealOutcome.REMARK, reason="question 3 was ambiguous")
    )

    earlier = data.model_dump(exclude={"rulings"})

    assert ReviewDecided.model_validate(earlier) == data
