"""The whole clock of an attempt in its read model, and what else is told of a move (how much time, which step).

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

import schema.db.column

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("clock", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("attempt", sa.Column("given", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("attempt", sa.Column("after", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("attempt", sa.Column("released_at", schema.db.column.UtcDateTime(), nullable=True))
    op.add_column("attempt_move", sa.Column("facts", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("attempt_move", "facts")
    op.drop_column("attempt", "released_at")
    op.drop_column("attempt", "after")
    op.drop_column("attempt", "given")
    op.drop_column("attempt", "clock")
