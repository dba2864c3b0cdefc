"""Writes what an attempt's workflow knows to where others read it: in order, completely, and once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.projection import ProjectionActivities
    from schema.attempt import SITTING_PHASES, Phase
    from schema.conduct import view
    from schema.lifecycle import AttemptProjection, WindowProjection
    from schema.task import CloseFeed, OpenFeed
    from workflows.desk import Desk
    from workflows.notice import notice_of, reminder
    from workflows.options import CLOSE_FEED, OPEN_FEED, PROJECT_ATTEMPT, PROJECT_WINDOW
    from workflows.patience import insist
    from workflows.post import Post
    from workflows.search import details, search_attributes

Job = Callable[[], Awaitable[None]]


class Mirror:
    """Steps stay in the state until the activity has confirmed them; the lock keeps their order."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._post = Post()
        self._lock = asyncio.Lock()
        # A run that begins a generation writes everything once more, whatever the one before it wrote.
        goes_on = desk.is_resumed and not desk.is_repaired
        self._written = desk.state.version if desk.is_resumed else 0
        self._window = self._window_key() if goes_on else None
        self._window_version: int | None = None
        self._reminded = self._reminders()
        self._shown: tuple[str, ...] = ()

    @property
    def written(self) -> int:
        """The version that is known to be written."""
        return self._written

    async def project(self) -> None:
        """Write what is not written yet; returns once everything the caller changed is confirmed."""
        self.show()
        self._send_reminders()
        wanted = self._desk.state.version
        async with self._lock:
            if self._written < wanted:
                await self._write()

    async def close_feed(self) -> None:
        """Let no more frames come."""
        request = CloseFeed(attempt_id=self._desk.attempt.attempt_id)
        await insist(
            lambda: workflow.execute_activity_method(ProjectionActivities.close_feed, request, **CLOSE_FEED)
        )

    async def reopen_feed(self) -> None:
        """Let frames come again after the stream had ended."""
        feed = self._feed()
        await insist(
            lambda: workflow.execute_activity_method(ProjectionActivities.reopen_feed, feed, **OPEN_FEED)
        )

    async def settle(self) -> None:
        """Wait until no handler is at work, everything is written and everybody is told."""
        is_settled = False
        while not is_settled:
            await workflow.wait_condition(workflow.all_handlers_finished)
            await self.project()
            await self._post.delivered()
            is_settled = workflow.all_handlers_finished() and self._written == self._desk.state.version

    async def _write(self) -> None:
        state = self._desk.state
        version, steps, window = state.version, state.steps, self._window_key()
        is_new_window = window != self._window
        await asyncio.gather(*(insist(job) for job in self._jobs()))
        self._written, self._window = version, window
        if is_new_window:
            self._window_version = version
        state.steps = tuple(step for step in state.steps if step.version > version)
        for step in steps:
            if (notice := notice_of(self._desk.attempt, state, step)) is not None:
                self._post.send(notice)

    def _jobs(self) -> Iterator[Job]:
        """Each job carries what the state is now, however late it is done."""
        attempt = self._attempt_projection()
        yield lambda: workflow.execute_activity_method(
            ProjectionActivities.project_attempt, attempt, **PROJECT_ATTEMPT
        )
        if self._window_key() == self._window:
            return
        window = self._window_projection()
        yield lambda: workflow.execute_activity_method(
            ProjectionActivities.project_window, window, **PROJECT_WINDOW
        )
        if self._window is None and window.is_open:
            feed = self._feed()
            yield lambda: workflow.execute_activity_method(ProjectionActivities.open_feed, feed, **OPEN_FEED)

    def show(self) -> None:
        """Bring search attributes and current details up to date."""
        attempt, state = self._desk.attempt, self._desk.state
        updates = search_attributes(attempt, state)
        values = tuple(str(update.value) for update in updates)
        if values != self._shown:
            workflow.upsert_search_attributes(updates)
            self._shown = values
        workflow.set_current_details(details(attempt, state))

    def _window_key(self) -> tuple[int, bool, bool] | None:
        """What the answer window depends on; None while the exam has not started.

        Until no attempt is open that began before 2026-12, a termination out of a pause may be unprojected.
        """
        state = self._desk.state
        if state.clock.started_at is None:
            return None
        is_terminated = state.phase is Phase.TERMINATED and workflow.patched("2026-11-window-says-terminated")
        return state.clock.version, state.phase in SITTING_PHASES, is_terminated

    def _attempt_projection(self) -> AttemptProjection:
        attempt, state = self._desk.attempt, self._desk.state
        return AttemptProjection(
            view=view(attempt, state),
            generation=attempt.generation,
            base=self._written,
            snapshot=attempt.model_copy(update={"resumed": state.model_copy(update={"steps": ()})}),
            organisation_id=attempt.organisation_id,
            cohort_id=attempt.cohort_id,
            clock=state.clock,
            risk=state.risk,
            identity_photo=state.identity_photo,
            report_name=state.report_name,
            admission_escalated=state.admission_escalated,
            after=state.after,
            released_at=state.released_at,
            coverage=state.coverage,
            steps=state.steps,
        )

    def _window_projection(self) -> WindowProjection:
        attempt, state = self._desk.attempt, self._desk.state
        is_open = state.phase in SITTING_PHASES
        return WindowProjection(
            attempt_id=attempt.attempt_id,
            exam_id=attempt.exam_id,
            student_id=attempt.student_id,
            organisation_id=attempt.organisation_id,
            cohort_id=attempt.cohort_id,
            generation=attempt.generation,
            base=self._window_version,
            version=state.version,
            is_open=is_open,
            phase=state.phase,
            started_at=state.clock.started_at,
            deadline_at=state.clock.deadline_at,
            # To the moment, not to the second: three seconds after it are three.
            stopped_at=state.stopped_since or state.clock.stopped_at,
            closed_at=None if is_open else self._closed_at(),
            clock_version=state.clock.version,
        )

    def _closed_at(self) -> datetime:
        state = self._desk.state
        return state.submitted_at or state.clock.stopped_at or workflow.now()

    def _feed(self) -> OpenFeed:
        attempt = self._desk.attempt
        return OpenFeed(
            attempt_id=attempt.attempt_id,
            organisation_id=attempt.organisation_id,
            exam_id=attempt.exam_id,
            student_id=attempt.student_id,
            interval=attempt.policy.frame_interval,
            screen_interval=attempt.policy.detection.screen_interval_asked,
        )

    def _reminders(self) -> frozenset[tuple[datetime, timedelta]]:
        state = self._desk.state
        return frozenset((state.slot.starts_at, before) for before in state.reminded)

    def _send_reminders(self) -> None:
        """A reminder that an outage held up until the exam has begun helps nobody."""
        state, rung = self._desk.state, self._reminders()
        for starts_at, before in sorted(rung - self._reminded):
            if workflow.now() < starts_at:
                self._post.send(reminder(self._desk.attempt, state, before))
        self._reminded = rung
