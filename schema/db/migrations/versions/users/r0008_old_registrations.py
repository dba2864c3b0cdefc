"""Registrations are found by their age: those of addresses that nobody ever confirms go too.

Revision: 0008
Follows: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_registration_registered_at", "registration", ["registered_at"])


def downgrade() -> None:
    op.drop_index("ix_registration_registered_at", "registration")
