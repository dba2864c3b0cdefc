"""What operators see of an attempt in the Temporal UI: search attributes and current details, opaque ids only."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

with workflow.unsafe.imports_passed_through():
    from schema.lifecycle import AttemptInput, AttemptState
    from schema.queue import SearchName
    from schema.risk import RiskPolicy

EXAM = SearchAttributeKey.for_keyword(SearchName.EXAM)
PHASE = SearchAttributeKey.for_keyword(SearchName.PHASE)
INTEGRITY = SearchAttributeKey.for_keyword(SearchName.INTEGRITY)
RISK = SearchAttributeKey.for_keyword(SearchName.RISK)


class RiskLevel(StrEnum):
    """The score in words, so that it can be searched for."""

    NONE = "none"
    LOW = "low"
    ELEVATED = "elevated"
    HIGH = "high"


def risk_level(score: float, policy: RiskPolicy) -> RiskLevel:
    """HIGH from the score that alerts proctors, ELEVATED from half of it."""
    if score >= policy.alert_at:
        return RiskLevel.HIGH
    if score >= policy.alert_at / 2:
        return RiskLevel.ELEVATED
    return RiskLevel.LOW if score > 0 else RiskLevel.NONE


def search_attributes(attempt: AttemptInput, state: AttemptState) -> Sequence[SearchAttributeUpdate[Any]]:
    """Exam, phase, integrity and risk."""
    return (
        EXAM.value_set(str(attempt.exam_id)),
        PHASE.value_set(state.phase),
        INTEGRITY.value_set(state.integrity),
        RISK.value_set(risk_level(state.risk, attempt.policy.risk)),
    )


def details(attempt: AttemptInput, state: AttemptState) -> str:
    """Where the attempt stands, in Markdown."""
    clock = state.clock
    lines = [
        f"**{state.phase}** · marking {state.marking} · integrity {state.integrity} · release {state.release}",
        f"- slot `{state.slot.slot_id}` from {state.slot.starts_at:%F %T} to {state.slot.ends_at:%F %T} UTC",
    ]
    if clock.started_at is not None:
        stands = f", stands since {clock.stopped_at:%F %T}" if clock.stopped_at else ""
        until = f", deadline {clock.deadline_at:%F %T}" if clock.deadline_at else ""
        lines.append(f"- clock started {clock.started_at:%F %T}{until}{stands}, extra time {clock.extra}")
    if state.submitted_at is not None:
        lines.append(f"- submitted {state.submitted_at:%F %T}, marking round {state.round_number}")
    scored = len(state.incidents)
    lines.append(
        f"- risk {state.risk:.1f} ({risk_level(state.risk, attempt.policy.risk)}), {scored} incidents"
    )
    lines.append(f"- exam `{attempt.exam_id}` version {attempt.exam_version}, rules {attempt.rules_version}")
    return "\n".join(lines)
