"""Measures how much of an attempt was watched, once every frame of it is accounted for."""

from temporalio import activity

from activities.coverage.port import CoverageSource
from schema.coverage.figure import WatchCoverage, coverage_of
from schema.coverage.task import MeasureCoverage


class CoverageActivities:
    """Reads only."""

    def __init__(self, source: CoverageSource) -> None:
        self._source = source

    @activity.defn
    async def measure_coverage(self, wanted: MeasureCoverage) -> WatchCoverage | None:
        """None where an older version has analysed a part of it without an account."""
        found = (await self._source.watched([wanted.attempt_id]))[wanted.attempt_id]
        clock, until = wanted.clock, wanted.until
        return coverage_of(clock, until, found.account, found.tail, wanted.minimum, found.outages)
