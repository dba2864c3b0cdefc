"""Tickets and streams know the page they belong to, so that its own reconnection is told from another place.

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("stream_ticket", "stream"):
        op.add_column(table, sa.Column("page", sa.String(64), nullable=True))


def downgrade() -> None:
    for table in ("stream", "stream_ticket"):
        op.drop_column(table, "page")
