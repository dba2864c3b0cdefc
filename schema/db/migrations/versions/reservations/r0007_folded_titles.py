"""Titles as searches compare them.

Rows that are there get theirs. A version that still runs goes on writing rows without it.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

from schema.db.column import FoldedText
from schema.search.folding import fold

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

READ = ("title",)


def upgrade() -> None:
    op.add_column("exam", sa.Column("folded_title", FoldedText, nullable=True))
    rows = sa.table("exam", *[sa.column(name, sa.String) for name in ("exam_id", "folded_title", *READ)])
    connection = op.get_bind()
    found = connection.execute(sa.select(rows.c.exam_id, *[rows.c[name] for name in READ])).all()
    values = [{"key": key, "now": "\n".join(fold(part or "") for part in parts)} for key, *parts in found]
    if values:
        same = rows.c.exam_id == sa.bindparam("key")
        connection.execute(rows.update().where(same).values(folded_title=sa.bindparam("now")), values)


def downgrade() -> None:
    op.drop_column("exam", "folded_title")
