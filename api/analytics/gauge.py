"""Gauges that operators watch: attempts, incidents, outboxes, batch jobs, reviews; read every few seconds at most."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from api.analytics.gauge_source import HELP, SOURCES, Read, Sample
from api.context import Context
from schema.failures import Failure

KEPT = timedelta(seconds=5)
PATIENCE = timedelta(seconds=5)


class Gauges(Collector):
    """What was last read, for Prometheus. A source that cannot be read has no samples, and its `up` is 0."""

    def __init__(self, context: Context, kept: timedelta = KEPT) -> None:
        self._context = context
        self._kept = kept
        self._read_at: float | None = None
        self._samples: list[Sample] = []
        self._lock = asyncio.Lock()

    async def refresh(self) -> None:
        """Read everything again when it is older than a few seconds; several callers share one reading."""
        async with self._lock:
            now = time.monotonic()
            if self._read_at is not None and now - self._read_at < self._kept.total_seconds():
                return
            found = await asyncio.gather(*(self._read(name, read) for name, read in SOURCES.items()))
            self._samples = [sample for some in found for sample in some]
            self._read_at = time.monotonic()

    def collect(self) -> Iterator[Metric]:
        """One family per name, labels in the order of their declaration."""
        for name, (text, labels) in HELP.items():
            family = GaugeMetricFamily(f"proctorwise_{name}", text, labels=labels)
            for sample in self._samples:
                if sample.name == name:
                    family.add_metric(sample.labels, sample.value)
            yield family

    async def _read(self, name: str, read: Read) -> Sequence[Sample]:
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                return [Sample("source_up", (name,), 1), *await read(self._context)]
        except (SQLAlchemyError, OSError, TimeoutError, Failure):
            return [Sample("source_up", (name,), 0)]
