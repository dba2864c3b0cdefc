"""A mark of its own for events that the lake in HDFS has, so that its outage and its slow pace hold nobody else up.

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
    op.add_column("outbox", sa.Column("stored_at", schema.db.column.UtcDateTime(), nullable=True))
    op.create_index("ix_outbox_stored_at", "outbox", ["stored_at"])


def downgrade() -> None:
    op.drop_index("ix_outbox_stored_at", "outbox")
    op.drop_column("outbox", "stored_at")
