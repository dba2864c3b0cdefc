"""The attempt of mails and notifications, so that they are deleted with its decision log.

Rows that are there already get it from their facts. A version that still runs goes on writing rows without it.

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("mail", "notification")


def upgrade() -> None:
    for name in TABLES:
        op.add_column(name, sa.Column("attempt_id", sa.Uuid(native_uuid=False), nullable=True))
        op.create_index(f"ix_{name}_attempt_id", name, ["attempt_id"])
        rows = sa.table(name, sa.column("attempt_id", sa.String), sa.column("data", sa.JSON))
        told = sa.func.replace(rows.c.data["attempt_id"].as_string(), "-", "")  # as Uuid columns keep it
        op.execute(rows.update().values(attempt_id=told))


def downgrade() -> None:
    for name in TABLES:
        op.drop_index(f"ix_{name}_attempt_id", name)
        op.drop_column(name, "attempt_id")
