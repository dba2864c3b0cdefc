"""Keeps an attempt watched, and knows since when nobody has been watching."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import (
    ActivityError,
    TimeoutError,  # noqa: A004 - Temporal's own
    TimeoutType,
    is_cancelled_exception,
)

with workflow.unsafe.imports_passed_through():
    from activities.watch import WatchActivities
    from schema.task import MonitoringInput, WatchResult, WatchTask
    from workflows import options
    from workflows.patience import refusal_of

Report = Callable[[datetime, datetime | None], Awaitable[None]]


class Vigil:
    """Runs `watch_attempt` for as long as the exam lasts; waiting too long in the queue and being refused are
    reported and tried again, never failed: people must know while the exam goes on, not after it.

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
        """One try; None when no detector took it in time or the one that did was refused."""
        waits = options.DETECTOR_WAIT_AGAIN if self.is_down else self._wait
        budget = options.WATCH_ATTEMPT.copy()
        budget["schedule_to_start_timeout"] = waits
        try:
            return await workflow.execute_activity_method(WatchActivities.watch_attempt, self._task, **budget)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            await self._bear(error, waits)
        return None

    async def _bear(self, error: ActivityError, waited: timedelta) -> None:
        if _is_still_waiting(error):
            await self._fall_silent(waited)
            return
        workflow.logger.error("watching was refused: %s", refusal_of(error) or error)
        await self._fall_silent(timedelta(0))
        await workflow.sleep(options.MENDING, summary="Watching needs mending; see the worker's log")

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
        models=monitoring.models,
        identity_photo=monitoring.identity_photo,
    )


def _is_still_waiting(error: ActivityError) -> bool:
    cause = error.cause
    return isinstance(cause, TimeoutError) and cause.type is TimeoutType.SCHEDULE_TO_START
