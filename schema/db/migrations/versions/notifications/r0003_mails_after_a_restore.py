"""After a restore: which mails had been sent, since when none is sent, and which are held because nobody knows.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

import schema.db.column

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail", sa.Column("held_at", schema.db.column.UtcDateTime(), nullable=True))
    op.create_index("ix_mail_held_at", "mail", ["held_at"])
    op.create_table(
        "sent_mail",
        sa.Column("mail_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("sent_at", schema.db.column.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mail_id", name="pk_sent_mail"),
    )
    op.create_table(
        "mail_pause",
        sa.Column("pause_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("taken_at", schema.db.column.UtcDateTime(), nullable=False),
        sa.Column("is_log_whole", sa.Boolean(), nullable=False),
        sa.Column("began_at", schema.db.column.UtcDateTime(), nullable=False),
        sa.Column("ended_at", schema.db.column.UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pause_id", name="pk_mail_pause"),
    )
    op.create_index("ix_mail_pause_ended_at", "mail_pause", ["ended_at"])


def downgrade() -> None:
    op.drop_table("mail_pause")
    op.drop_table("sent_mail")
    op.drop_index("ix_mail_held_at", "mail")
    op.drop_column("mail", "held_at")
