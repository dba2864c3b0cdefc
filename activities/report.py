"""Writes an attempt's report and tables into the archive."""

from temporalio import activity

from activities.heartbeat import beating
from activities.press import Press
from schema.task import ReportWritten, WriteReport


class ReportActivities:
    """Also for attempts that ended without a sitting: what never came to be is said in words."""

    def __init__(self, press: Press) -> None:
        self._press = press

    @activity.defn
    async def write_report(self, request: WriteReport) -> ReportWritten:
        """Calling it again replaces the same objects. Raises NOT_FOUND, UNAVAILABLE."""
        async with beating():
            return await self._press.print(request)
