"""Exams that an edit had taken offline before there was a version that stays bookable are bookable again.

Revision: 0017
Follows: 0016
"""

from datetime import UTC, datetime

from schema.db.migrations.offer import offer_again

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Since then authors can withdraw an exam, which leaves the same row.
WITHDRAWN_SINCE = datetime(2026, 11, 28, tzinfo=UTC)


def upgrade() -> None:
    offer_again(WITHDRAWN_SINCE)


def downgrade() -> None:
    """What is offered stays offered."""
