"""Keeps an attempt watched, and knows since when nobody has been watching."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, TimeoutError, TimeoutType  # noqa: A004 - Temporal's own

with workflow.unsafe.imports_passed_through():
    from activities.watch import WatchActivities
    from schema.task import MonitoringInput, WatchResult, WatchTask
    from workflows import options

Report = Callable[[datetime, datetime | None], Awaitable[None]]


class Vigil:
    """Runs `watch_attempt` for as long as the exam lasts; waiting in the queue too long is reported, not failed.

    `report` is called with the moment since when nobody watches, and once more with the moment it was over.
    """

    def __init__(self, monitoring: MonitoringInput, report: Report) -> None:
        self._task = watch_task(monitoring)
        self._wait = monitoring.detector_wait
        self._report = report
        self._down_since: datetime | None = None

    @property
    def is_down(self) -> bool:
        """Whether nobody is watching, as far as is known."""
        return self._down_since is not None

    async def keep(self) -> WatchResult:
        """Until every accepted frame is analysed or accounted for."""
        result = None
        while result is None:
            result = await self._watch()
        await self.resume()
        return result

    async def resume(self) -> None:
        """Somebody is watching again."""
        since, self._down_since = self._down_since, None
        if since is not None:
            await self._report(since, workflow.now())

    async def _watch(self) -> WatchResult | None:
        """One try; None when no detector took it in time."""
        waits = options.DETECTOR_WAIT_AGAIN if self.is_down else self._wait
        budget = options.WATCH_ATTEMPT.copy()
        budget["schedule_to_start_timeout"] = waits
        try:
            return await workflow.execute_activity_method(WatchActivities.watch_attempt, self._task, **budget)
        except ActivityError as error:
            if not _is_still_waiting(error):
                raise
        await self._fall_silent(waits)
        return None

    async def _fall_silent(self, waited: timedelta) -> None:
        if self._down_since is None:
            self._down_since = workflow.now() - waited
            await self._report(self._down_since, None)


def watch_task(monitoring: MonitoringInput) -> WatchTask:
    """What the detector needs to know."""
    return WatchTask(
        attempt_id=monitoring.attempt_id,
        organisation_id=monitoring.organisation_id,
        exam_id=monitoring.exam_id,
        student_id=monitoring.student_id,
        cohort_id=monitoring.cohort_id,
        detection=monitoring.detection,
        rules_version=monitoring.rules_version,
        model_version=monitoring.model_version,
    )


def _is_still_waiting(error: ActivityError) -> bool:
    cause = error.cause
    return isinstance(cause, TimeoutError) and cause.type is TimeoutType.SCHEDULE_TO_START
