"""What attempts lost by outages, over `_reservations`: marks, stays, moves and losses are read as of one moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.outage_row import loss_of, new_owed, under_way
from schema.attempt import SITTING_PHASES, WAITING_PHASES, Phase
from schema.db.session import Database
from schema.db.tables.outage import OutageRow, OwedTime, ServiceMarkRow
from schema.db.tables.reservations import AttemptRow, SlotRow
from schema.outage.attempt import UnderWay, causes, new_losses
from schema.outage.interval import Interval
from schema.outage.owed import OwedState
from schema.outage.service import Component, NodeRecord, Rules, ServiceRecord
from schema.outage.sweep import SweepMemory
from schema.outage.task import Loss

# Timers that measure from the slot's start on, or from the opening of the check-in before it.
LATER_WAITS = WAITING_PHASES - SITTING_PHASES - {Phase.HELD}
OPENS_AT_MOST = timedelta(days=1)  # as schema.policy_check allows


class SqlOutageBook:
    """Implements OutageBook."""

    def __init__(self, reservations: Database, rules: Rules) -> None:
        self._reservations = reservations
        self._rules = rules
        self._sweeps = SweepMemory(rules)

    async def is_settled(self, attempt_id: UUID, until: datetime, now: datetime) -> bool:
        """Whether whoever serves the attempt has marked since then, and nothing of its service is away now."""
        async with self._reservations.read() as session:
            found = await under_way(session, AttemptRow.attempt_id == attempt_id)
            if not found:
                return True
            (attempt,) = found
            service, _ = await self._service(session, now, attempt.since)
        is_away = any(one.end >= now for one in service.lost(attempt.since, attempt.stays))
        return not is_away and service.is_known(until, attempt.stays)

    async def record(self, now: datetime, attempt_id: UUID | None = None) -> int:
        """Write new losses; an outage that all attempts were looked at for is swept."""
        if attempt_id is None and not await self._is_anything_new(now):
            return 0

        async def work(session: AsyncSession) -> int:
            unswept = list(await session.scalars(select(OutageRow).where(OutageRow.swept_at.is_(None))))
            attempts = await under_way(session, _affected(attempt_id, unswept, now))
            since = min((attempt.since for attempt in attempts), default=now)
            service, outages = await self._service(session, now, since)
            new = [row for attempt in attempts for row in _losses(service, outages, attempt)]
            session.add_all(new)
            if attempt_id is None:
                for row in unswept:
                    row.swept_at = now
            return len(new)

        recorded = await self._reservations.run(work)
        if attempt_id is None:
            self._sweeps.done()
        return recorded

    async def owed(self, attempt_id: UUID | None = None) -> Sequence[Loss]:
        """Those that wait, and those that were refused to an attempt which was reopened since."""
        waits = OwedTime.state == OwedState.WAITING.value
        is_reopened = and_(
            OwedTime.state == OwedState.REFUSED.value,
            OwedTime.is_wait.is_(False),
            AttemptRow.phase.in_([phase.value for phase in SITTING_PHASES]),
        )
        query = (
            select(OwedTime)
            .join(AttemptRow, AttemptRow.attempt_id == OwedTime.attempt_id, isouter=True)
            .where(or_(waits, is_reopened))
            .order_by(OwedTime.began_at)
        )
        if attempt_id is not None:
            query = query.where(OwedTime.attempt_id == attempt_id)
        async with self._reservations.read() as session:
            return [loss_of(row) for row in await session.scalars(query)]

    async def refuse(self, loss: Loss, why: str, now: datetime) -> None:
        """Write why nothing was given back."""
        mine = (OwedTime.attempt_id == loss.attempt_id, OwedTime.began_at == loss.silence.start)
        waits = OwedTime.state == OwedState.WAITING.value
        refused = {"state": OwedState.REFUSED.value, "why_less": why, "decided_at": now}

        async def work(session: AsyncSession) -> None:
            await session.execute(update(OwedTime).where(*mine, waits).values(refused))

        await self._reservations.run(work)

    async def _is_anything_new(self, now: datetime) -> bool:
        """An outage that was not swept, or a node that has just left others alone to serve."""
        async with self._reservations.read() as session:
            unswept = select(func.count()).select_from(OutageRow).where(OutageRow.swept_at.is_(None))
            is_unswept = bool(await session.scalar(unswept))
            marks = (await session.scalars(select(ServiceMarkRow))).all()
        nodes = {(one.component, one.node_id): NodeRecord(one.first_at, one.last_at) for one in marks}
        return self._sweeps.is_due(nodes, now) or is_unswept

    async def _service(
        self, session: AsyncSession, now: datetime, since: datetime
    ) -> tuple[ServiceRecord, Sequence[OutageRow]]:
        outages = list(await session.scalars(select(OutageRow).where(OutageRow.ended_at >= since)))
        nodes: dict[Component, dict[str, NodeRecord]] = {}
        for mark in await session.scalars(select(ServiceMarkRow)):
            mine = tuple(
                Interval(start=one.began_at, end=one.ended_at)
                for one in outages
                if (one.component, one.node_id) == (mark.component, mark.node_id)
            )
            record = NodeRecord(mark.first_at, mark.last_at, mine)
            nodes.setdefault(Component(mark.component), {})[mark.node_id] = record
        return ServiceRecord(now, self._rules, nodes), outages


def _affected(attempt_id: UUID | None, unswept: Sequence[OutageRow], now: datetime) -> ColumnElement[bool]:
    """Attempts whose clock or timer may have run, and those that ended after such an outage began."""
    if attempt_id is not None:
        return AttemptRow.attempt_id == attempt_id
    begins_soon = AttemptRow.slot_id.in_(
        select(SlotRow.slot_id).where(SlotRow.starts_at < now + OPENS_AT_MOST)
    )
    is_under_way = or_(
        AttemptRow.phase.in_([phase.value for phase in (*SITTING_PHASES, Phase.HELD)]),
        and_(AttemptRow.phase.in_([phase.value for phase in LATER_WAITS]), begins_soon),
    )
    if not unswept:
        return is_under_way
    return or_(is_under_way, AttemptRow.submitted_at > min(one.began_at for one in unswept))


def _losses(service: ServiceRecord, outages: Sequence[OutageRow], attempt: UnderWay) -> list[OwedTime]:
    away = [(Interval(start=one.began_at, end=one.ended_at), one.cause) for one in outages]
    lost = new_losses(service, attempt)
    return [new_owed(attempt, one, causes(away, one.silence), service.now) for one in lost]
