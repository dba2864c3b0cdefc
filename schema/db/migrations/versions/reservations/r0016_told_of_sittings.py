"""When a student was told of a further sitting.

Revision: 0016
Follows: 0015
"""

import sqlalchemy as sa
from alembic import op

import schema.db.column

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("further_sitting", sa.Column("told_at", schema.db.column.UtcDateTime(), nullable=True))
    # Whoever was given one by an older version is not told of it again.
    op.execute("UPDATE further_sitting SET told_at = given_at")


def downgrade() -> None:
    op.drop_column("further_sitting", "told_at")
