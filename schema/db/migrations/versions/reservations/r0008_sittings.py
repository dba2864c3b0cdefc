"""Further sittings, and the version of an exam that can be booked while the next one is written.

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op

from schema.db.column import UtcDateTime
from schema.db.migrations.offer import offer_again

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exam", sa.Column("published_version", sa.Integer(), nullable=True))
    op.execute("UPDATE exam SET published_version = version WHERE is_published")
    offer_again()
    op.create_table(
        "further_sitting",
        sa.Column("sitting_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("attempt_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("exam_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("student_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("given_by", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_further_sitting")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_further_sitting_attempt_id")),
    )
    op.create_index("ix_further_sitting_student", "further_sitting", ["student_id", "exam_id"])


def downgrade() -> None:
    op.drop_table("further_sitting")
    op.drop_column("exam", "published_version")
