"""The projection of clocks over `_corrections`."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.answer_row import window_of
from activities.adapters.sql.late_answer import count_in_time
from schema.db.session import Database
from schema.db.tables.corrections import AnswerWindow
from schema.fence import GRACE, end_of, is_newer
from schema.lifecycle import WindowProjection
from schema.orphan import forked_window, is_forked_window
from schema.outage.late import counts_late_ones


class SqlWindowBook:
    """Implements WindowBook."""

    def __init__(self, corrections: Database) -> None:
        self._corrections = corrections

    async def project(self, projection: WindowProjection) -> None:
        """Write the window unless what is written is as new; answers in flight wait for the row or come before.

        Raises CONFLICT for one that goes on from a past which the row has left behind.
        """

        async def work(session: AsyncSession) -> None:
            row = await session.get(AnswerWindow, projection.attempt_id, with_for_update=True)
            before = None if row is None else window_of(row)
            if before is not None and is_forked_window(projection, before):
                raise forked_window(projection)
            if before is None or is_newer(projection, before):
                if before is not None and counts_late_ones(before, projection):
                    await count_in_time(session, projection.attempt_id, _until(projection))
                written = await session.merge(AnswerWindow(**projection.model_dump(exclude={"base"})))
                if projection.is_open:
                    written.is_sealed = False

        await self._corrections.run(work)


def _until(window: WindowProjection) -> datetime | None:
    end = end_of(window)
    return None if end is None else end + GRACE
