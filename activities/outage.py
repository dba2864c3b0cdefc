"""Settles what the platform owes an attempt, before its deadline hands it in for good."""

from collections.abc import Callable
from datetime import UTC, datetime

from temporalio import activity

from activities.ports import OutageBook
from schema.failures import Failure, FailureType
from schema.outage.task import Settled, SettleOutages


class OutageActivities:
    """Idempotent: the same losses are found again, under the same operations, until they are given back."""

    def __init__(
        self,
        book: OutageBook,
        *,
        is_measured: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._book = book
        self._is_measured = is_measured
        self._now = now

    @activity.defn
    async def settle_outages(self, request: SettleOutages) -> Settled:
        """Everything that is owed and was not given back yet.

        Raises UNAVAILABLE while it is not known, or nobody serves the attempt yet: then the clock stands.
        """
        attempt_id = request.attempt_id
        if not self._is_measured:
            return Settled()
        if not await self._book.is_settled(attempt_id, request.until, self._now()):
            said = "the platform does not serve this attempt again yet; its end waits for that"
            raise Failure(FailureType.UNAVAILABLE, said, attempt_id=attempt_id)
        await self._book.record(self._now(), attempt_id)
        return Settled(losses=tuple(await self._book.owed(attempt_id)))
