"""Operations are found by their end, so that those that are not over can be looked for often.

Revision: 0006
Follows: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_operation_finished_at", "operation", ["finished_at"])


def downgrade() -> None:
    op.drop_index("ix_operation_finished_at", "operation")
