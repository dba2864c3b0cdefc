"""What is known of attempts' streams, over `_monitoring`."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.insertion import insert_once
from schema.db.session import Database
from schema.db.tables.monitoring import AttemptFeed
from schema.task import OpenFeed


class SqlFeedBook:
    """Implements FeedBook."""

    def __init__(self, monitoring: Database) -> None:
        self._monitoring = monitoring

    async def open(self, request: OpenFeed) -> None:
        """Let tickets be given for this attempt; a feed that has got its final offset stays closed."""

        async def work(session: AsyncSession) -> None:
            if await session.get(AttemptFeed, request.attempt_id) is None:
                await insert_once(session, _new(request))
            may_open = (AttemptFeed.attempt_id == request.attempt_id, AttemptFeed.final_offset.is_(None))
            await session.execute(update(AttemptFeed).where(*may_open).values(opens=True))

        await self._monitoring.run(work)

    async def reopen(self, request: OpenFeed) -> None:
        """Let tickets be given again, also where the stream had got its final offset."""

        async def work(session: AsyncSession) -> None:
            if await session.get(AttemptFeed, request.attempt_id) is None:
                await insert_once(session, _new(request))
            is_it = AttemptFeed.attempt_id == request.attempt_id
            await session.execute(update(AttemptFeed).where(is_it).values(opens=True, final_offset=None))

        await self._monitoring.run(work)

    async def close(self, attempt_id: UUID) -> None:
        """Give no more tickets; a feed that never opened is no error."""

        async def work(session: AsyncSession) -> None:
            is_it = AttemptFeed.attempt_id == attempt_id
            await session.execute(update(AttemptFeed).where(is_it).values(opens=False))

        await self._monitoring.run(work)


def _new(request: OpenFeed) -> AttemptFeed:
    screen = request.screen_interval
    return AttemptFeed(
        attempt_id=request.attempt_id,
        organisation_id=request.organisation_id,
        exam_id=request.exam_id,
        student_id=request.student_id,
        interval_ms=request.interval // timedelta(milliseconds=1),
        screen_interval_ms=screen // timedelta(milliseconds=1) if screen else None,
    )
