"""The risk score of an attempt: each scored incident adds its severity's weight times its confidence."""

from schema.incident import IncidentSignal, Severity
from schema.model import Message

DEFAULT_WEIGHTS: dict[Severity, float] = {
    Severity.TECHNICAL: 0.0,
    Severity.LOW: 1.0,
    Severity.MEDIUM: 3.0,
    Severity.HIGH: 8.0,
    Severity.CRITICAL: 20.0,
}


class RiskPolicy(Message):
    """Weights by severity and the score at which proctors are alerted."""

    weights: dict[Severity, float] = DEFAULT_WEIGHTS
    alert_at: float = 20.0


def score_of(incident: IncidentSignal, policy: RiskPolicy) -> float:
    """What this incident adds to the score; nothing for a technical one."""
    if incident.severity is Severity.TECHNICAL:
        return 0.0
    return policy.weights[incident.severity] * incident.confidence


def raises_alert(before: float, incident: IncidentSignal, policy: RiskPolicy) -> bool:
    """True at a critical incident and when the score crosses the threshold, once per crossing."""
    if incident.severity is Severity.CRITICAL:
        return True
    return before < policy.alert_at <= before + score_of(incident, policy)
