"""Incidents are found by when they were written, so that the newest can be counted often.

Revision: 0005
Follows: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_incident_created_at", "incident", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_incident_created_at", "incident")
