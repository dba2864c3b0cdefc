"""How often an attempt's screen is to be sent, where its exam asks for it.

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt_feed", sa.Column("screen_interval_ms", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("attempt_feed", "screen_interval_ms")
