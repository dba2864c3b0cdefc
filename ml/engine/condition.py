"""Debouncing: steps one sign's memory by one record and says whether its condition began or ended."""

from dataclasses import dataclass
from datetime import datetime

from ml.engine.memory import Glimpse, SignMemory
from ml.engine.observation import Scene
from ml.engine.sign import Sign, Verdict


@dataclass(frozen=True, slots=True)
class Began:
    """The condition began with this glimpse."""

    sign: Sign
    first: Glimpse


@dataclass(frozen=True, slots=True)
class Ended:
    """The condition ended; `at` is the first moment it was no longer seen."""

    at: datetime


def step(sign: Sign, memory: SignMemory, scene: Scene, *, may_begin: bool) -> list[Began | Ended]:
    """What this record changes. `may_begin` is False during a cooldown: the way in then waits at its end."""
    changes: list[Began | Ended] = []
    if sign.lasting:
        changes += _begin(sign, memory, scene, may_begin=may_begin)
    verdict = sign.judge(scene)
    if verdict is None:
        return changes
    if memory.on:
        return changes + _hold(sign, memory, scene, verdict)
    _note(sign, memory, scene, verdict)
    return changes + _begin(sign, memory, scene, may_begin=may_begin)


def _note(sign: Sign, memory: SignMemory, scene: Scene, verdict: Verdict) -> None:
    """Towards the condition. After a gap or a jump in time the way in starts over: nobody saw what was between."""
    now = scene.now.at
    if not sign.lasting and memory.last_at is not None and abs(now - memory.last_at) > scene.silence_limit:
        memory.glimpses, memory.count, memory.total = [], 0, 0.0
    memory.last_at = now
    sign.entry.note(memory, _glimpse(scene, verdict))


def _glimpse(scene: Scene, verdict: Verdict) -> Glimpse:
    before = scene.stream.last_frame if verdict.seen else None
    return Glimpse(at=verdict.since or scene.now.at, seen=verdict.seen, weight=verdict.weight, before=before)


def _begin(sign: Sign, memory: SignMemory, scene: Scene, *, may_begin: bool) -> list[Began | Ended]:
    first = None if memory.on or not may_begin else sign.entry.begun(memory, scene.now.at)
    if first is None:
        return []
    if sign.momentary:
        _forget(memory)
        return [Began(sign, first), Ended(scene.now.at)]
    memory.on = True
    return [Began(sign, first)]


def _hold(sign: Sign, memory: SignMemory, scene: Scene, verdict: Verdict) -> list[Began | Ended]:
    """While the condition holds. A late frame, from before it was seen, says nothing about its end."""
    now = scene.now.at
    if scene.now.is_frame and memory.glimpses and now < memory.glimpses[0].at:
        return []
    if verdict.seen:
        memory.clear_since = None
        sign.entry.note(memory, _glimpse(scene, verdict))
        return []
    memory.clear_since = min(memory.clear_since or now, now)
    if now - memory.clear_since < sign.leave:
        return []
    ended = Ended(memory.clear_since)
    _forget(memory)
    return [ended]


def _forget(memory: SignMemory) -> None:
    memory.glimpses, memory.count, memory.total = [], 0, 0.0
    memory.last_at = memory.clear_since = None
    memory.on = False
