"""Where an attempt's objects lie, as segments and attempts know it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath
from uuid import UUID

from sqlalchemy import select

from schema.db.session import Databases
from schema.db.tables.monitoring import SegmentRow
from schema.db.tables.reservations import AttemptRow
from schema.recording.task import recording_folder
from schema.retention import DataClass
from schema.segment import quarantine_of


class SqlObjectIndex:
    """Implements ObjectIndex."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases

    async def folders(self, attempt_id: UUID, data_class: DataClass) -> Sequence[str]:
        """Folders and single objects of one class of an attempt's data; features live in rows only."""
        attempt = await self._attempt(attempt_id)
        if data_class is DataClass.MEDIA:
            photo = _folder_of(attempt.identity_photo, attempt_id) if attempt else ()
            recordings = (recording_folder(attempt.exam_id, attempt_id),) if attempt else ()
            frames = await self._frames(attempt_id)
            damaged = (quarantine_of(attempt_id),) if attempt or frames else ()
            return (*frames, *photo, *recordings, *damaged)
        if data_class is DataClass.DECISION_LOG and attempt is not None:
            return _folder_of(attempt.report_name, attempt_id)
        return ()

    async def _attempt(self, attempt_id: UUID) -> AttemptRow | None:
        async with self._databases.reservations.read() as session:
            return await session.get(AttemptRow, attempt_id)

    async def _frames(self, attempt_id: UUID) -> tuple[str, ...]:
        # The day's folder also finds an object whose upload was not written down before a crash.
        query = select(SegmentRow.created_at, SegmentRow.object_name).where(
            SegmentRow.attempt_id == attempt_id
        )
        async with self._databases.monitoring.read() as session:
            segments = [(created_at, name) for created_at, name in await session.execute(query)]
        days = {_day_folder(created_at, attempt_id): None for created_at, _ in segments}
        named = {folder: None for _, name in segments for folder in _folder_of(name, attempt_id)}
        return tuple(days | named)


def _day_folder(created_at: datetime, attempt_id: UUID) -> str:
    return f"raw/frames/{created_at:%Y/%m/%d}/{attempt_id}"


def _folder_of(name: str, attempt_id: UUID) -> tuple[str, ...]:
    """The object's folder where it is the attempt's own, else the object alone."""
    if not name:
        return ()
    folder = PurePosixPath(name).parent
    return (str(folder),) if folder.name == str(attempt_id) else (name,)
