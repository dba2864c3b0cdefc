"""Conversations of a student with the proctors of an attempt, and the raised hand.

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

from schema.db.column import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("attempt_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("read_by_student", sa.Integer(), nullable=False),
        sa.Column("read_by_proctors", sa.Integer(), nullable=False),
        sa.Column("hand_raised_at", UtcDateTime(), nullable=True),
        sa.Column("hand_lowered_at", UtcDateTime(), nullable=True),
        sa.Column("hand_lowered_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_conversation")),
    )
    op.create_table(
        "message",
        sa.Column("message_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("attempt_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("device_key", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message")),
        sa.UniqueConstraint("attempt_id", "number", name=op.f("uq_message_attempt_id")),
    )
    op.create_index(op.f("ix_message_attempt_id"), "message", ["attempt_id"])
    op.create_index(op.f("ix_message_author_id"), "message", ["author_id"])


def downgrade() -> None:
    op.drop_table("message")
    op.drop_table("conversation")
