"""Scores belong to a model: a promoted one may bring its own for each preset."""

from collections.abc import Iterable

from schema.incident import DetectionPolicy, policy_for
from schema.registry.card import Thresholds


def calibrated(policy: DetectionPolicy, thresholds: Iterable[Thresholds]) -> DetectionPolicy:
    """The policy with the models' scores for its preset, except where the exam's author chose a score."""
    usual = policy_for(policy.preset)
    scores: dict[str, object] = {
        name: score
        for one in thresholds
        for name, score in one.get(policy.preset, {}).items()
        if getattr(policy, name) == getattr(usual, name)
    }
    return policy.model_copy(update=scores) if scores else policy
