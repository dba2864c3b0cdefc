"""Holds with their reasons, and the indexes that searching attempts needs.

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

import schema.db.column

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt_hold",
        sa.Column("hold_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("attempt_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("set_at", schema.db.column.UtcDateTime(), nullable=False),
        sa.Column("released_by", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("released_at", schema.db.column.UtcDateTime(), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hold_id", name="pk_attempt_hold"),
    )
    op.create_index("ix_attempt_hold_attempt_id", "attempt_hold", ["attempt_id"])
    op.create_index("ix_attempt_newest", "attempt", ["organisation_id", "created_at", "attempt_id"])
    op.create_index(
        "ix_attempt_on_hold", "attempt", ["organisation_id", "is_on_hold", "created_at", "attempt_id"]
    )
    op.create_index("ix_slot_starts_at", "slot", ["starts_at"])


def downgrade() -> None:
    op.drop_index("ix_slot_starts_at", "slot")
    op.drop_index("ix_attempt_on_hold", "attempt")
    op.drop_index("ix_attempt_newest", "attempt")
    op.drop_table("attempt_hold")
