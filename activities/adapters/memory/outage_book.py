"""The in-memory twin of the OutageBook."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from activities.adapters.memory.outage import MemoryOwed
from activities.adapters.memory.reservations import MemoryAttempt, MemoryReservations
from schema.attempt import FINAL_PHASES, SITTING_PHASES
from schema.outage.attempt import Lost, UnderWay, causes, clock_moves, new_losses, waits_of
from schema.outage.owed import OwedState
from schema.outage.service import Cause, Component, NodeRecord, Rules, ServiceRecord, Stay
from schema.outage.sweep import SweepMemory
from schema.outage.task import Loss


class MemoryOutageBook:
    """Implements OutageBook."""

    def __init__(self, reservations: MemoryReservations, rules: Rules) -> None:
        self._reservations = reservations
        self._outages = reservations.outages
        self._rules = rules
        self._sweeps = SweepMemory(rules)

    async def is_settled(self, attempt_id: UUID, until: datetime, now: datetime) -> bool:
        """Whether whoever serves the attempt has marked since then, and nothing of its service is away now."""
        known = self._reservations.attempts.get(attempt_id)
        if known is None:
            return True
        attempt, service = self._under_way(known), self._service(now)
        is_away = any(one.end >= now for one in service.lost(attempt.since, attempt.stays))
        return not is_away and service.is_known(until, attempt.stays)

    async def record(self, now: datetime, attempt_id: UUID | None = None) -> int:
        """Write new losses; an outage that all attempts were looked at for is swept."""
        if attempt_id is None and not self._is_anything_new(now):
            return 0
        known = self._reservations.attempts
        attempts = list(known.values()) if attempt_id is None else [known[attempt_id]]
        service = self._service(now)
        found = [(one, loss) for one in map(self._under_way, attempts) for loss in new_losses(service, one)]
        for attempt, lost in found:
            self._write(attempt, lost)
        if attempt_id is None:
            for outage in self._outages.outages:
                outage.is_swept = True
            self._sweeps.done()
        return len(found)

    async def owed(self, attempt_id: UUID | None = None) -> Sequence[Loss]:
        """Those that wait, and those that were refused to an attempt which was reopened since."""
        mine = [one for one in self._outages.owed.values() if attempt_id in {None, one.loss.attempt_id}]
        waiting = [one.loss for one in mine if one.state is OwedState.WAITING or self._is_reopened(one)]
        return sorted(waiting, key=lambda loss: loss.silence.start)

    async def refuse(self, loss: Loss, why: str, now: datetime) -> None:
        """Write why nothing was given back."""
        known = self._outages.owed[loss.attempt_id, loss.silence.start]
        if known.state is OwedState.WAITING:
            known.state, known.why_less = OwedState.REFUSED, why

    def _is_reopened(self, owed: MemoryOwed) -> bool:
        attempt = self._reservations.attempts.get(owed.loss.attempt_id)
        is_sitting = attempt is not None and attempt.phase in SITTING_PHASES
        return owed.state is OwedState.REFUSED and not owed.loss.is_wait and is_sitting

    def _is_anything_new(self, now: datetime) -> bool:
        marks = self._outages.marks.items()
        nodes = {(name[0].value, name[1]): NodeRecord(one.first_at, one.last_at) for name, one in marks}
        is_due = self._sweeps.is_due(nodes, now)
        return is_due or any(not one.is_swept for one in self._outages.outages)

    def _write(self, attempt: UnderWay, lost: Lost) -> None:
        away = [(one.silence, one.cause) for one in self._outages.outages]
        loss = Loss(
            attempt_id=attempt.attempt_id,
            silence=lost.silence,
            cause=causes(away, lost.silence) or Cause.PROCESS.value,
            is_wait=lost.is_wait,
        )
        key = attempt.attempt_id, lost.silence.start
        self._outages.owed[key] = MemoryOwed(loss, lost.silence.length)

    def _service(self, now: datetime) -> ServiceRecord:
        nodes: dict[Component, dict[str, NodeRecord]] = {}
        for (component, node_id), mark in self._outages.marks.items():
            mine = tuple(
                one.silence
                for one in self._outages.outages
                if (one.component, one.node_id) == (component, node_id)
            )
            nodes.setdefault(component, {})[node_id] = NodeRecord(mark.first_at, mark.last_at, mine)
        return ServiceRecord(now, self._rules, nodes)

    def _under_way(self, known: MemoryAttempt) -> UnderWay:
        attempt_id, projection = known.input.attempt_id, known.projection
        phase = known.phase
        is_over = phase in FINAL_PHASES and known.started_at is None
        return UnderWay(
            attempt_id=attempt_id,
            exam_id=known.input.exam_id,
            created_at=known.moves[0].at,
            started_at=known.started_at,
            ended_at=known.submitted_at,
            moves=clock_moves(known.moves.values()),
            stays=[
                Stay(node_id, since, until)
                for (of, node_id, since), until in self._outages.stays.items()
                if of == attempt_id
            ],
            recorded=tuple(
                one.loss.silence for one in self._outages.owed.values() if one.loss.attempt_id == attempt_id
            ),
            waits=()
            if is_over
            else waits_of(phase, known.first if projection is None else projection.snapshot),
        )
