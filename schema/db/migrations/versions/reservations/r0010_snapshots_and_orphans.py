"""What another run of an attempt's workflow can go on from, and the workflows that are not as their rows say.

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

import schema.db.column

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt_snapshot",
        sa.Column("attempt_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("contradicted_at", schema.db.column.UtcDateTime(), nullable=True),
        sa.Column("settled_at", schema.db.column.UtcDateTime(), nullable=True),
        sa.Column("updated_at", schema.db.column.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_attempt_snapshot"),
    )
    op.create_index("ix_attempt_snapshot_settled_at", "attempt_snapshot", ["settled_at"])
    op.create_table(
        "orphan",
        sa.Column("orphan_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("workflow_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("trouble", sa.String(length=40), nullable=False),
        sa.Column("attempt_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("found_at", schema.db.column.UtcDateTime(), nullable=False),
        sa.Column("seen_at", schema.db.column.UtcDateTime(), nullable=False),
        sa.Column("closed_at", schema.db.column.UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("orphan_id", name="pk_orphan"),
    )
    op.create_index("ix_orphan_closed_at", "orphan", ["closed_at"])


def downgrade() -> None:
    op.drop_table("orphan")
    op.drop_table("attempt_snapshot")
