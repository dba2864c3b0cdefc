"""An index for what waits for analysis, which operators are told of every few seconds.

Revision: 0012
Follows: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INDEX = "ix_attempt_feed_waiting_since"


def upgrade() -> None:
    op.create_index(INDEX, "attempt_feed", ["waiting_since"])


def downgrade() -> None:
    op.drop_index(INDEX, "attempt_feed")
