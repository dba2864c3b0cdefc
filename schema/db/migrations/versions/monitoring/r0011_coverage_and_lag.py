"""The account of an attempt's pictures, and how much waits for analysis since when.

Revision: 0011
Follows: 0010
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from schema.db.column import Blob, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FEED: tuple[tuple[str, Any], ...] = (
    ("last_offset", sa.BigInteger()),
    ("waiting_offset", sa.BigInteger()),
    ("waiting_since", UtcDateTime()),
    ("waiting_frames", sa.Integer()),
)


def upgrade() -> None:
    op.add_column("watch_checkpoint", sa.Column("account", Blob, nullable=True))
    for name, kind in FEED:
        op.add_column("attempt_feed", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name, _ in reversed(FEED):
        op.drop_column("attempt_feed", name)
    op.drop_column("watch_checkpoint", "account")
