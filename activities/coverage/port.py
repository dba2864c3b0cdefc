"""What measuring coverage needs to know."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from schema.coverage.account import CoverageAccount
from schema.coverage.figure import StreamTail
from schema.outage.interval import Intervals


@dataclass(frozen=True, slots=True)
class WatchedStream:
    """What is known of an attempt's stream, and when the platform did not serve it."""

    account: CoverageAccount
    tail: StreamTail
    outages: Intervals = ()


class CoverageSource(Protocol):
    """Accounts of pictures (schema `_monitoring`) and outages (schema `_reservations`)."""

    async def watched(self, attempt_ids: Collection[UUID]) -> Mapping[UUID, WatchedStream]:
        """Of each of these attempts; one that never streamed has an empty account.

        One whose account is deleted has none that is whole.
        """
