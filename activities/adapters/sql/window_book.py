"""The projection of clocks over `_corrections`."""

from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.sql.answer_row import window_of
from schema.db.session import Database
from schema.db.tables.corrections import AnswerWindow
from schema.fence import is_newer
from schema.lifecycle import WindowProjection


class SqlWindowBook:
    """Implements WindowBook."""

    def __init__(self, corrections: Database) -> None:
        self._corrections = corrections

    async def project(self, projection: WindowProjection) -> None:
        """Write the window unless what is written is as new; answers in flight wait for the row or come before."""

        async def work(session: AsyncSession) -> None:
            row = await session.get(AnswerWindow, projection.attempt_id, with_for_update=True)
            if row is None or is_newer(projection, window_of(row)):
                written = await session.merge(AnswerWindow(**dict(projection)))
                if projection.is_open:
                    written.is_sealed = False

        await self._corrections.run(work)
