"""What each published version looks like, rendered once.

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
    op.create_table(
        "exam_rendering",
        sa.Column("exam_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("html", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("exam_id", "version", name="pk_exam_rendering"),
    )


def downgrade() -> None:
    op.drop_table("exam_rendering")
