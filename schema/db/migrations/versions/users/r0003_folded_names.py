"""Names, addresses and numbers as searches compare them.

Rows that are there get theirs. A version that still runs goes on writing rows without it.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

from schema.db.column import FoldedText
from schema.search.folding import fold

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

READ = ("display_name", "email", "student_number")


def upgrade() -> None:
    op.add_column("person", sa.Column("folded", FoldedText, nullable=True))
    rows = sa.table("person", *[sa.column(name, sa.String) for name in ("person_id", "folded", *READ)])
    connection = op.get_bind()
    found = connection.execute(sa.select(rows.c.person_id, *[rows.c[name] for name in READ])).all()
    values = [{"key": key, "now": "\n".join(fold(part or "") for part in parts)} for key, *parts in found]
    if values:
        same = rows.c.person_id == sa.bindparam("key")
        connection.execute(rows.update().where(same).values(folded=sa.bindparam("now")), values)


def downgrade() -> None:
    op.drop_column("person", "folded")
