"""The newest picture of those who wait to be let in.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

import schema.db.column

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Blob = sa.LargeBinary(length=2**24 - 1).with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "glimpse",
        sa.Column("attempt_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("captured_at", schema.db.column.UtcDateTime(), nullable=False),
        sa.Column("jpeg", Blob, nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_glimpse"),
    )


def downgrade() -> None:
    op.drop_table("glimpse")
