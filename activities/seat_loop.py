"""Tells those on a waiting list that a seat is theirs, where no other attempt has told them."""

import logging
from uuid import UUID

from activities.ports import SeatSignaller, SlotBook
from schema.failures import Failure

LOG = logging.getLogger(__name__)


class SeatLoop:
    """A loop of the `proctor-io` worker. Several may run at once: a seat that is assigned twice is assigned once.

    Whoever gives a seat back tells the next one at once. A seat that was added to the slot has nobody to tell of it:
    this loop does, for each attempt that does not know of its seat at two turns.
    """

    def __init__(self, slots: SlotBook, signaller: SeatSignaller) -> None:
        self._slots = slots
        self._signaller = signaller
        self._seen: set[UUID] = set()
        self._told: set[UUID] = set()

    async def step(self) -> None:
        """Tell each of those that were here at the last turn already, once."""
        promoted = set(await self._slots.promoted())
        self._told &= promoted
        for attempt_id in sorted((promoted & self._seen) - self._told):
            await self._tell(attempt_id)
        self._seen = promoted

    async def _tell(self, attempt_id: UUID) -> None:
        try:
            await self._signaller.assign(attempt_id)
        except Failure as failure:
            LOG.warning("attempt %s is told of its seat later: %s", attempt_id, failure.message)
            return
        self._told.add(attempt_id)
