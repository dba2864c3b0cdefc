"""Why an answer window stands or is closed, whether marking has read it, and the end that a late answer came after.

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

import schema.db.column

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer_window", sa.Column("phase", sa.String(40), nullable=True))
    op.add_column("answer_window", sa.Column("is_sealed", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("late_answer", sa.Column("ended_at", schema.db.column.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("late_answer", "ended_at")
    op.drop_column("answer_window", "is_sealed")
    op.drop_column("answer_window", "phase")
