"""The generation of the run that wrote a window, and the state that another run of a review can go on from.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer_window", sa.Column("generation", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("review", sa.Column("state", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("review", "state")
    op.drop_column("answer_window", "generation")
