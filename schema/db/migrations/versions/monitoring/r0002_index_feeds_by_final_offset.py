"""Index feeds by final offset.

Revision: 0002
Follows: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attempt_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_feed_final_offset"), ["final_offset"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("attempt_feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_feed_final_offset"))
