"""Before anything ends by time: what the platform took from this attempt is given back first."""

import asyncio

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.outage import OutageActivities
    from schema.attempt import Phase
    from schema.outage.task import Settled, SettleOutages
    from workflows.clock import Alarm
    from workflows.desk import Desk
    from workflows.options import SETTLE_OUTAGES
    from workflows.patience import insist

# The old branches stay until no attempt from before them is under way.
PATCH = "2026-11-the-platform-owes"
EVERY_TIMER = "2026-12-the-platform-owes-every-timer"


class Settlement:
    """Asks once for each alarm that has come, whoever notices it first: the timer or a command."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = asyncio.Lock()
        self._settled: Alarm | None = None

    async def moves(self, due: Alarm) -> bool:
        """Settle an alarm; True when it is not due any more, because time was given back or the attempt changed."""
        await self._settle(due)
        return self._desk.alarm() != due

    async def before_command(self) -> None:
        """Where an alarm's time has passed and nobody has noticed yet, as after an outage of the workers."""
        due = self._desk.ending()
        if due is not None and due.at <= workflow.now():
            await self._settle(due)

    async def _settle(self, due: Alarm) -> None:
        if due.verb is None:
            return
        phase = self._desk.state.phase
        if not workflow.patched(PATCH if phase is Phase.IN_PROGRESS else EVERY_TIMER):
            return
        async with self._lock:
            if self._settled == due or self._desk.ending() != due:
                return
            request = SettleOutages(attempt_id=self._desk.attempt.attempt_id, until=due.at)
            settled = await insist(lambda: self._ask(request))
            self._settled = due
            if self._desk.state.phase is phase:
                for loss in settled.losses:
                    self._desk.give_back(loss.command, workflow.now())

    async def _ask(self, request: SettleOutages) -> Settled:
        return await workflow.execute_activity_method(
            OutageActivities.settle_outages, request, **SETTLE_OUTAGES
        )
