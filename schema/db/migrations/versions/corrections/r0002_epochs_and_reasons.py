"""Epochs of answering devices, and why a late answer was accepted.

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer_window", sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("late_answer", sa.Column("accepted_reason", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("late_answer", "accepted_reason")
    op.drop_column("answer_window", "epoch")
