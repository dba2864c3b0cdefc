"""A student's name and number as they were when they came in.

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAMES = ("name_at_door", "number_at_door")


def upgrade() -> None:
    for name in NAMES:
        op.add_column("attempt", sa.Column(name, sa.String(length=255), nullable=True))


def downgrade() -> None:
    for name in NAMES:
        op.drop_column("attempt", name)
