"""Tells the proctors of students who asked for help and whom nobody has answered, wherever the proctors are."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from activities.notify import NotifyActivities
from activities.ports import AttemptIndex, ConversationBook
from schema.conversation import TALKING_PHASES, Call
from schema.notice import Audience, Notify, Occasion

PATIENCE = timedelta(minutes=1)  # whoever has the wall open answers before
FRESH = timedelta(hours=1)  # a worker that comes back after a day wakes nobody


class CallLoop:
    """A loop of the `proctor-io` worker. Several may run at once: a notice is one per person and call."""

    def __init__(
        self,
        conversations: ConversationBook,
        attempts: AttemptIndex,
        notices: NotifyActivities,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._conversations = conversations
        self._attempts = attempts
        self._notices = notices
        self._now = now
        self._told: set[Call] = set()

    async def step(self) -> None:
        """Tell of each call that has waited too long, once."""
        now = self._now()
        waiting = await self._conversations.unanswered(now - FRESH, now - PATIENCE)
        self._told.intersection_update(waiting)
        new = [call for call in waiting if call not in self._told]
        exams = await self._attempts.exams_of([call.attempt_id for call in new], TALKING_PHASES)
        for call in new:
            if call.attempt_id in exams:
                await self._tell(call, exams[call.attempt_id])
            self._told.add(call)

    async def _tell(self, call: Call, exam_id: UUID) -> None:
        since = call.since.isoformat()
        notice = Notify(
            occasion=Occasion.CALL_UNANSWERED,
            key=since,
            audience=Audience.PROCTORS,
            attempt_id=call.attempt_id,
            exam_id=exam_id,
            facts={"waiting_since": since},
            at=self._now(),
        )
        await self._notices.tell_by_and_by(notice)
