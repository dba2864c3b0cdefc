"""A count on the answer window, so that answers and its closing meet in one row on every node of a cluster.

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "answer_window", sa.Column("answers_judged", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("answer_window", "answers_judged")
