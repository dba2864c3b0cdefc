"""Exams in the database: each change is a new version, and a version that was published is never changed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.access.act import described_exam
from api.token import CurrentPerson
from schema.db.tables.reservations import ExamRow, ExamVersion
from schema.exam import Exam
from schema.failures import Failure, FailureType
from schema.journal import ActKind, changed
from schema.role import Role
from schema.search.folding import fold

Change = Callable[[Exam], Exam]


class ExamBook:
    """What an author may do to exams, in the caller's transaction."""

    def __init__(self, session: AsyncSession, person: CurrentPerson, now: datetime) -> None:
        self._session = session
        self._person = person
        self._now = now
        self.acts: list[tuple[ActKind, UUID, dict[str, Any], dict[str, Any]]] = []  # with before and after

    async def create(self, exam: Exam) -> Exam:
        """Store version 1; the same id again gives what is stored."""
        if await self._session.get(ExamRow, exam.exam_id) is not None:
            return await self.get(exam.exam_id)
        self._session.add(
            ExamRow(
                exam_id=exam.exam_id,
                organisation_id=exam.organisation_id,
                author_id=exam.author_id,
                title=exam.title,
                is_published=False,
                version=exam.version,
                created_at=self._now,
                updated_at=self._now,
            )
        )
        self._write_version(exam)
        self._tell(ActKind.EXAM_CREATED, None, exam)
        return exam

    async def row(self, exam_id: UUID) -> ExamRow:
        """The exam's row, for its author and for admins. Raises NOT_FOUND, also for another author's."""
        row = await self._session.get(ExamRow, exam_id)
        is_here = row is not None and row.organisation_id == self._person.organisation_id
        if row is None or not is_here or not self._may_write(row):
            raise Failure(
                FailureType.NOT_FOUND, "there is no such exam; go back and choose it again", exam_id=exam_id
            )
        return row

    async def get(self, exam_id: UUID, version: int | None = None) -> Exam:
        """The whole exam, answer keys included. Raises NOT_FOUND."""
        row = await self.row(exam_id)
        wanted = row.version if version is None else version
        stored = await self._session.get(ExamVersion, (exam_id, wanted))
        if stored is None:
            raise Failure(
                FailureType.NOT_FOUND,
                f"this exam has no version {wanted}; the newest is {row.version}",
                exam_id=exam_id,
            )
        exam = Exam.model_validate(stored.content)
        is_published = row.is_published if wanted == row.version else exam.is_published
        return exam.model_copy(update={"is_published": is_published, "version": wanted})

    async def change(self, exam_id: UUID, expected: int, change: Change) -> Exam:
        """Make the next version on condition that `expected` is the newest; the same change again is one.

        The version that was published before can be booked until the next one is published. A draft that is replaced
        goes; a version that was ever published stays for the attempts that use it. Raises CONFLICT with the newest
        version, NOT_FOUND.
        """
        row = await self._locked(exam_id)
        current = await self.get(exam_id)
        if current.version == expected + 1 and change(current) == current:
            return current
        following = change(current).model_copy(update={"version": expected + 1, "is_published": False})
        await self._move_on(row, expected, following, row.offered_version)
        stored = await self._session.get_one(ExamVersion, (exam_id, expected))
        if not Exam.model_validate(stored.content).is_published:
            await self._session.execute(
                delete(ExamVersion).where(ExamVersion.exam_id == exam_id, ExamVersion.version == expected)
            )
        self._write_version(following)
        self._tell(ActKind.EXAM_CHANGED, current, following)
        return following

    async def publish(self, exam_id: UUID, expected: int) -> Exam:
        """Offer this version for reservation; publishing it again changes nothing. Raises CONFLICT."""
        row = await self._locked(exam_id)
        current = await self.get(exam_id)
        if current.version == expected and current.is_published:
            return current
        published = current.model_copy(update={"is_published": True})
        await self._move_on(row, expected, published, expected)
        stored = await self._session.get_one(ExamVersion, (exam_id, expected))
        stored.content = published.model_dump(mode="json")
        self.acts.append(
            (ActKind.EXAM_PUBLISHED, exam_id, {}, {"version": expected, "title": published.title})
        )
        return published

    async def withdraw(self, exam_id: UUID, expected: int) -> Exam:
        """Offer no version any more; who has reserved keeps theirs. Doing it again changes nothing. Raises CONFLICT."""
        row = await self._locked(exam_id)
        withdrawn = (await self.get(exam_id)).model_copy(update={"is_published": False})
        offered = row.offered_version
        await self._move_on(row, expected, withdrawn, None)
        if offered is not None:
            self.acts.append((ActKind.EXAM_WITHDRAWN, exam_id, {"version": offered}, {}))
        return withdrawn

    def _tell(self, kind: ActKind, earlier: Exam | None, later: Exam) -> None:
        before, after = changed(described_exam(earlier) if earlier else {}, described_exam(later))
        versions = {"version": earlier.version} if earlier else {}
        self.acts.append((kind, later.exam_id, before | versions, after | {"version": later.version}))

    def _may_write(self, row: ExamRow) -> bool:
        return row.author_id == self._person.person_id or self._person.has(Role.ADMIN)

    async def _locked(self, exam_id: UUID) -> ExamRow:
        """The exam's row, for who may change it: what is offered depends on what is published meanwhile."""
        await self._session.get(ExamRow, exam_id, with_for_update=True)
        return await self.row(exam_id)

    async def _move_on(self, row: ExamRow, expected: int, following: Exam, offered: int | None) -> None:
        """People who book see the title of what they book, not that of the draft."""
        newest = row.version
        title = row.title if offered not in {None, following.version} else following.title
        moved = await self._session.execute(
            update(ExamRow)
            .where(ExamRow.exam_id == following.exam_id, ExamRow.version == expected)
            .values(
                version=following.version,
                title=title,
                folded_title=fold(title),
                is_published=following.is_published,
                published_version=offered,
                updated_at=self._now,
            )
        )
        if moved.rowcount != 1:  # type: ignore[attr-defined]
            said = f"version {expected} is not the newest, somebody changed this exam; load it and repeat your change"
            raise Failure(FailureType.CONFLICT, said, current_version=newest)

    def _write_version(self, exam: Exam) -> None:
        self._session.add(
            ExamVersion(
                exam_id=exam.exam_id,
                version=exam.version,
                content=exam.model_dump(mode="json"),
                created_at=self._now,
            )
        )
