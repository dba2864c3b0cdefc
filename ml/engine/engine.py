"""The engine: hands each observation to every rule, and turns conditions into incidents."""

from uuid import UUID

from ml.engine import condition, dossier, stream
from ml.engine.condition import Began, Ended
from ml.engine.memory import Dossier, EngineMemory, Mark, RuleMemory, SignMemory
from ml.engine.observation import Observation, Scene
from ml.engine.sign import Sign
from ml.engine.table import Rule, rules_for
from schema.analysis import ChangeKind, IncidentChange
from schema.incident import SEVERITY, DetectionPolicy
from schema.record import ConnectionFactKind

# Raised whenever the same records would give other incidents than before.
RULES_VERSION = "rules 5"


class Engine:
    """Turns one attempt's observations into incidents. Pure: all that it knows is in the memory it is given."""

    def __init__(self, attempt_id: UUID, policy: DetectionPolicy, model: str) -> None:
        self._policy = policy
        self._rules = rules_for(policy)
        self._author = dossier.Author(attempt_id, f"{model}; {RULES_VERSION}" if model else RULES_VERSION)

    def step(self, memory: EngineMemory, now: Observation) -> list[IncidentChange]:
        """What this observation changes. `memory` is brought up to date in place."""
        stream.note(memory.stream, now)
        stream.note_sight(memory.stream, now, self._policy)
        scene = Scene(now, memory.stream, self._policy)
        frame = scene.mark() if now.detections is not None else None
        changes = [change for rule in self._rules for change in self._apply(rule, memory, scene, frame)]
        if frame is not None:
            memory.stream.last_frame = frame
        return changes

    def _apply(
        self, rule: Rule, memory: EngineMemory, scene: Scene, frame: Mark | None
    ) -> list[IncidentChange]:
        known = memory.rules.setdefault(rule.name or rule.kind.value, RuleMemory())
        happened = self._step_signs(rule, known, scene)
        changes = self._open(rule, known, scene, happened, frame) or self._amend(rule, known, frame)
        changes += self._close(rule, known, scene, happened)
        if known.dossier is not None and dossier.is_complete(known.dossier):
            known.dossier = None
        return changes

    def _step_signs(self, rule: Rule, known: RuleMemory, scene: Scene) -> list[Began | Ended]:
        may_begin = _open_dossier(known) is not None or not self._is_cooling(known, scene)
        happened: list[Began | Ended] = []
        for sign in rule.signs:
            memory = known.signs.setdefault(sign.name, SignMemory())
            happened += condition.step(sign, memory, scene, may_begin=may_begin)
        return happened

    def _is_cooling(self, known: RuleMemory, scene: Scene) -> bool:
        return known.ended_at is not None and abs(scene.now.at - known.ended_at) < self._policy.cooldown

    def _open(
        self, rule: Rule, known: RuleMemory, scene: Scene, happened: list[Began | Ended], frame: Mark | None
    ) -> list[IncidentChange]:
        began = next((event for event in happened if isinstance(event, Began)), None)
        if began is None or _open_dossier(known) is not None:
            return []
        known.dossier = self._author.open(rule.kind, began, scene.now, _confidence(rule, known) or 1.0)
        if frame is not None:
            dossier.take_frame(known.dossier, frame)
        return [self._change(ChangeKind.OPENED, rule, known.dossier)]

    def _amend(self, rule: Rule, known: RuleMemory, frame: Mark | None) -> list[IncidentChange]:
        if known.dossier is None:
            return []
        rose = dossier.raise_confidence(known.dossier, _confidence(rule, known))
        shown = frame is not None and dossier.take_frame(known.dossier, frame)
        return [self._change(ChangeKind.AMENDED, rule, known.dossier)] if rose or shown else []

    def _close(
        self, rule: Rule, known: RuleMemory, scene: Scene, happened: list[Began | Ended]
    ) -> list[IncidentChange]:
        current = _open_dossier(known)
        ends = [event.at for event in happened if isinstance(event, Ended)]
        if _is_last(scene.now):
            ends.append(scene.now.at)
            known.signs.clear()
        if current is None or not ends or any(memory.on for memory in known.signs.values()):
            return []
        current.ended_at = known.ended_at = max(current.started_at, *ends)
        return [self._change(ChangeKind.CLOSED, rule, current)]

    def _change(self, change: ChangeKind, rule: Rule, current: Dossier) -> IncidentChange:
        return IncidentChange(
            change, self._author.publish(rule.kind, rule.severity or SEVERITY[rule.kind], current)
        )


def _open_dossier(known: RuleMemory) -> Dossier | None:
    return known.dossier if known.dossier is not None and known.dossier.ended_at is None else None


def _is_last(now: Observation) -> bool:
    return now.fact is not None and now.fact.kind is ConnectionFactKind.ENDED


def _confidence(rule: Rule, known: RuleMemory) -> float:
    return max((_sign_confidence(sign, known) for sign in rule.signs), default=0.0)


def _sign_confidence(sign: Sign, known: RuleMemory) -> float:
    memory = known.signs.get(sign.name)
    return sign.entry.confidence(memory) if memory is not None and memory.on else 0.0
