"""Closes a window that is behind: once the attempt's row is final, no answer counts, whatever the window says."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from schema.attempt import Phase
from schema.db.session import Database
from schema.db.tables.corrections import AnswerWindow


@dataclass(frozen=True, slots=True)
class FinalRow:
    """An attempt that has ended, as its row has it."""

    attempt_id: UUID
    version: int
    phase: Phase
    ended_at: datetime | None
    is_marked: bool


async def close_window(corrections: Database, final: FinalRow) -> None:
    """Close it as of the attempt's end, if it is open. Its version stays, so what the workflow says replaces it.

    The row and the window lie in two databases: after a loss of power or a restore one may know less. A window that
    is newer than the row is left as it is: the attempt was reopened, and its row follows.
    """

    async def work(session: AsyncSession) -> None:
        window = await session.get(AnswerWindow, final.attempt_id, with_for_update=True)
        if window is None or not window.is_open or window.version > final.version:
            return
        ends = (final.ended_at, window.deadline_at, window.stopped_at, window.started_at)
        window.closed_at = next((end for end in ends if end is not None), None)
        window.is_open, window.phase = False, final.phase.value
        window.is_sealed = window.is_sealed or final.is_marked

    await corrections.run(work)
