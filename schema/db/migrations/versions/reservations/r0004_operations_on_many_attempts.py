"""Operations on many attempts, and how each of them acknowledged.

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

import schema.db.column

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operation",
        sa.Column("operation_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("organisation_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("exam_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("actor_role", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", schema.db.column.UtcDateTime(), nullable=False),
        sa.Column("finished_at", schema.db.column.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", name="pk_operation"),
    )
    op.create_index("ix_operation_exam_id", "operation", ["exam_id"])
    op.create_index("ix_operation_organisation_id", "operation", ["organisation_id"])
    op.create_table(
        "operation_attempt",
        sa.Column("operation_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attempt_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", schema.db.column.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", "number", name="pk_operation_attempt"),
        sa.UniqueConstraint("operation_id", "attempt_id", name="uq_operation_attempt_operation_id"),
    )
    op.create_index("ix_operation_attempt_attempt_id", "operation_attempt", ["attempt_id"])


def downgrade() -> None:
    op.drop_table("operation_attempt")
    op.drop_table("operation")
