"""Attempts with what is to be kept of them, read from the rows and the frozen exams."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from activities.adapters.sql.data_purge import data_purges_of
from activities.adapters.sql.exam_catalog import SqlExamCatalog
from activities.ports.audit import KeptAttempt
from schema.attempt import FINAL_PHASES, Phase
from schema.db.session import Databases
from schema.db.tables.monitoring import SegmentRow
from schema.db.tables.reservations import AttemptRow
from schema.exam import ExamPolicy
from schema.retention import DataClass, grace_of

PAGE = 500


class SqlRetentionRegister:
    """Implements RetentionRegister."""

    def __init__(self, databases: Databases, page: int = PAGE) -> None:
        self._databases = databases
        self._page_size = page
        self._exams = SqlExamCatalog(databases.reservations)
        self._purges = data_purges_of(databases)
        self._policies: dict[tuple[UUID, int], ExamPolicy] = {}

    async def attempts(self) -> AsyncIterator[KeptAttempt]:
        """Every attempt there is, by id, a page at a time."""
        last: UUID | None = None
        while page := await self._page(last):
            segments = await self._segments([row.attempt_id for row in page])
            for row in page:
                yield await self._kept(row, segments[row.attempt_id])
            last = page[-1].attempt_id

    async def knows(self, attempt_id: UUID) -> bool:
        """Whether there is a row of it."""
        async with self._databases.reservations.read() as session:
            return await session.get(AttemptRow, attempt_id) is not None

    async def rows(self, attempt_id: UUID, data_class: DataClass) -> int:
        """How many rows of a class are left, over all schemas."""
        return sum([await purge.left(attempt_id, data_class) for purge in self._purges])

    async def _page(self, after: UUID | None) -> Sequence[AttemptRow]:
        query = select(AttemptRow).order_by(AttemptRow.attempt_id).limit(self._page_size)
        if after is not None:
            query = query.where(AttemptRow.attempt_id > after)
        async with self._databases.reservations.read() as session:
            return (await session.scalars(query)).all()

    async def _segments(self, attempts: list[UUID]) -> defaultdict[UUID, list[str]]:
        stored = SegmentRow.object_name != ""
        query = select(SegmentRow.attempt_id, SegmentRow.object_name).where(
            SegmentRow.attempt_id.in_(attempts), stored
        )
        found: defaultdict[UUID, list[str]] = defaultdict(list)
        async with self._databases.monitoring.read() as session:
            for attempt_id, name in await session.execute(query):
                found[attempt_id].append(name)
        return found

    async def _kept(self, row: AttemptRow, segments: list[str]) -> KeptAttempt:
        photo = [row.identity_photo] if row.identity_photo else []
        policy = await self._policy(row.exam_id, row.exam_version)
        return KeptAttempt(
            attempt_id=row.attempt_id,
            over_at=_over_at(row),
            policy=policy.retention,
            grace=grace_of(policy),
            is_on_hold=row.is_on_hold,
            media=(*segments, *photo),
            report=row.report_name,
        )

    async def _policy(self, exam_id: UUID, version: int) -> ExamPolicy:
        key = exam_id, version
        if key not in self._policies:
            self._policies[key] = (await self._exams.exam(exam_id, version)).policy
        return self._policies[key]


def _over_at(row: AttemptRow) -> datetime | None:
    """One that has sat is over with its report; its row is written last then, moments after the workflow notes it."""
    is_over = Phase(row.phase) in FINAL_PHASES and (row.started_at is None or row.report_name)
    return row.updated_at if is_over else None
