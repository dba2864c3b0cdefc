"""Tells people things without holding anybody up."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.notify import NotifyActivities
    from schema.notice import Notify
    from workflows import options


class Post:
    """Notices on their way; a lifecycle goes on meanwhile and waits for them only before its run ends."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[None]] = set()

    def send(self, notice: Notify) -> None:
        """Tell somebody something, soon."""
        sending = asyncio.create_task(self._send(notice))
        self._under_way.add(sending)
        sending.add_done_callback(self._under_way.discard)

    async def delivered(self) -> None:
        """Wait until everything that was sent has arrived or was given up."""
        await workflow.wait_condition(lambda: not self._under_way)

    async def _send(self, notice: Notify) -> None:
        budget = options.NOTIFY.copy()
        budget["summary"] = f"Tell {notice.audience}: {notice.occasion}"
        try:
            await workflow.execute_activity_method(NotifyActivities.notify, notice, **budget)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            workflow.logger.warning("gave up telling %s about %s", notice.audience, notice.occasion)
