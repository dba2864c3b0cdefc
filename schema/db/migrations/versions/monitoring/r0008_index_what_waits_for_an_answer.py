"""Raised hands and messages are found by their time, so that those nobody answers can be looked for often.

Revision: 0008
Follows: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_conversation_hand_raised_at", "conversation", ["hand_raised_at"])
    op.create_index("ix_message_at", "message", ["at"])


def downgrade() -> None:
    op.drop_index("ix_message_at", "message")
    op.drop_index("ix_conversation_hand_raised_at", "conversation")
