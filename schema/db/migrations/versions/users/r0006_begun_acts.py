"""Acts on attempts that were begun and are not in the audit log yet.

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

import schema.db.column

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "act_intent",
        sa.Column("act_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("began_at", schema.db.column.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("act_id", name="pk_act_intent"),
    )
    op.create_index("ix_act_intent_began_at", "act_intent", ["began_at"])


def downgrade() -> None:
    op.drop_table("act_intent")
