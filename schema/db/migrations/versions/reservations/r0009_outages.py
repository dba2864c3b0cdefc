"""Marks of service, the outages between them, and what attempts lost by them.

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op

import schema.db.column

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = schema.db.column.UtcDateTime
    op.create_table(
        "service_mark",
        sa.Column("component", sa.String(length=40), nullable=False),
        sa.Column("node_id", sa.String(length=40), nullable=False),
        sa.Column("first_at", instant(), nullable=False),
        sa.Column("last_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("component", "node_id", name="pk_service_mark"),
    )
    op.create_table(
        "outage",
        sa.Column("outage_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("component", sa.String(length=40), nullable=False),
        sa.Column("node_id", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("began_at", instant(), nullable=False),
        sa.Column("ended_at", instant(), nullable=False),
        sa.Column("swept_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("outage_id", name="pk_outage"),
    )
    op.create_index("ix_outage_ended_at", "outage", ["ended_at"])
    op.create_index("ix_outage_swept_at", "outage", ["swept_at"])
    op.create_table(
        "node_stay",
        sa.Column("attempt_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("node_id", sa.String(length=40), nullable=False),
        sa.Column("since", instant(), nullable=False),
        sa.Column("until", instant(), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", "node_id", "since", name="pk_node_stay"),
    )
    op.create_table(
        "owed_time",
        sa.Column("attempt_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("began_at", instant(), nullable=False),
        sa.Column("ended_at", instant(), nullable=False),
        sa.Column("exam_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("lost_seconds", sa.Integer(), nullable=False),
        sa.Column("added_seconds", sa.Integer(), nullable=False),
        sa.Column("why_less", sa.Text(), nullable=False),
        sa.Column("recorded_at", instant(), nullable=False),
        sa.Column("decided_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("attempt_id", "began_at", name="pk_owed_time"),
    )
    op.create_index("ix_owed_time_exam_id", "owed_time", ["exam_id"])
    op.create_index("ix_owed_time_state", "owed_time", ["state"])


def downgrade() -> None:
    op.drop_table("owed_time")
    op.drop_table("node_stay")
    op.drop_table("outage")
    op.drop_table("service_mark")
