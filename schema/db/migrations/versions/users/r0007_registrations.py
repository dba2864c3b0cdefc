"""Each registration of an address that nobody confirmed yet: whoever confirms it takes their own.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

import schema.db.column

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registration",
        sa.Column("registration_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("password_hash", sa.String(length=80), nullable=False),
        sa.Column("display_name", sa.String(length=255), nullable=False),
        sa.Column("student_number", sa.String(length=255), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("registered_at", schema.db.column.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("registration_id", name="pk_registration"),
    )
    op.create_index("ix_registration_person", "registration", ["person_id", "registered_at"])


def downgrade() -> None:
    op.drop_table("registration")
