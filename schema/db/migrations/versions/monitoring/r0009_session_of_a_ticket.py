"""The session in which a stream's ticket was asked for: the stream ends with it.

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stream_ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("session_id", sa.Uuid(native_uuid=False), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("stream_ticket", schema=None) as batch_op:
        batch_op.drop_column("session_id")
