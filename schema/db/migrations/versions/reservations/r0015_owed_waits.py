"""Whether the time that is owed was lost to a timer instead of the clock.

Revision: 0015
Follows: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("owed_time", sa.Column("is_wait", sa.Boolean(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("owed_time", "is_wait")
