"""What the queue shows beside a review: the exam's title, and who holds it."""

import hashlib
import hmac
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from api.context import Context
from api.corrections.review_view import ReviewItem, item_of_row
from schema.db.tables.corrections import ReviewRow
from schema.db.tables.reservations import ExamRow
from schema.db.tables.users import Person
from schema.review import ReviewKind


async def labelled(context: Context, rows: Sequence[ReviewRow], person_id: UUID) -> list[ReviewItem]:
    """The reviews as `person_id` sees them."""
    titles = await _titles(context, {row.exam_id for row in rows})
    names = await _names(context, {row.assignee_id for row in rows if row.assignee_id is not None})
    return [
        item_of_row(row, person_id, titles.get(row.exam_id, ""), names.get(row.assignee_id)).model_copy(
            update={"candidate": candidate_of(context, row)}
        )
        for row in rows
    ]


def candidate_of(context: Context, row: ReviewRow) -> str:
    """The same for all essays of one attempt; without the key nobody can tell which attempt that is."""
    if row.kind != ReviewKind.ESSAY:
        return ""
    key = b"proctorwise candidate\x00" + context.settings.jwt_secret.get_secret_value().encode()
    digest = hmac.digest(hashlib.sha256(key).digest(), row.attempt_id.bytes, "sha256")
    return f"{int.from_bytes(digest[:8]) % 10**8:08d}"


async def _titles(context: Context, exams: set[UUID]) -> dict[UUID, str]:
    query = select(ExamRow.exam_id, ExamRow.title).where(ExamRow.exam_id.in_(exams))
    async with context.databases.reservations.read() as session:
        return {row.exam_id: row.title for row in await session.execute(query)}


async def _names(context: Context, people: set[UUID]) -> dict[UUID | None, str]:
    query = select(Person.person_id, Person.display_name).where(Person.person_id.in_(people))
    async with context.databases.users.read() as session:
        return {row.person_id: row.display_name for row in await session.execute(query)}
