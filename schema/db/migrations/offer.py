"""Exams that older versions took offline at an edit: the version that was published is offered again."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from schema.db.column import UtcDateTime

EXAM = sa.table(
    "exam",
    sa.column("exam_id", sa.Uuid(native_uuid=False)),
    sa.column("is_published", sa.Boolean()),
    sa.column("published_version", sa.Integer()),
    sa.column("updated_at", UtcDateTime()),
)
VERSION = sa.table(
    "exam_version",
    sa.column("exam_id", sa.Uuid(native_uuid=False)),
    sa.column("version", sa.Integer()),
    sa.column("content", sa.JSON()),
)


def offer_again(before: datetime | None = None) -> None:
    """Those that were changed last `before` then, or all: nobody could withdraw an exam while an edit did."""
    connection = op.get_bind()
    offline = sa.select(EXAM.c.exam_id).where(
        EXAM.c.is_published.is_(sa.false()), EXAM.c.published_version.is_(None)
    )
    if before is not None:
        offline = offline.where(EXAM.c.updated_at < before)
    for exam_id in connection.execute(offline).scalars().all():
        versions = connection.execute(sa.select(VERSION).where(VERSION.c.exam_id == exam_id)).all()
        published = [row.version for row in versions if row.content.get("is_published")]
        if published:
            offered = EXAM.update().where(EXAM.c.exam_id == exam_id)
            connection.execute(offered.values(published_version=max(published)))
