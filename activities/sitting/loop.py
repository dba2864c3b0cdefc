"""Tells students of further sittings that were given to them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from activities.notify import NotifyActivities
from activities.sitting.port import FurtherSittingBook, GivenSittingNotice
from schema.notice import Audience, Notify, Occasion

FRESH = timedelta(days=7)  # what an older version gave is known by now


class FurtherSittingLoop:
    """A loop of the `proctor-io` worker. Several may run at once: a notice is one per sitting."""

    def __init__(
        self,
        book: FurtherSittingBook,
        notices: NotifyActivities,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._book = book
        self._notices = notices
        self._now = now

    async def step(self) -> None:
        """Tell each of those that were not told."""
        for given in await self._book.untold(self._now() - FRESH):
            await self._tell(given)
            await self._book.told(given.sitting_id, self._now())

    async def _tell(self, given: GivenSittingNotice) -> None:
        notice = Notify(
            occasion=Occasion.FURTHER_SITTING,
            key=str(given.sitting_id),
            audience=Audience.STUDENT,
            attempt_id=given.attempt_id,
            exam_id=given.exam_id,
            person_id=given.student_id,
            at=given.given_at,
        )
        await self._notices.tell_by_and_by(notice)
