"""Rows of conversations as values."""

from collections.abc import Mapping

from schema.conversation import Said, Side, Standing
from schema.db.tables.monitoring import ConversationRow, MessageRow


def said_of(row: MessageRow) -> Said:
    """A message."""
    return Said(
        message_id=row.message_id,
        attempt_id=row.attempt_id,
        number=row.number,
        author_id=row.author_id,
        side=Side(row.side),
        key=row.device_key,
        text=row.text,
        at=row.at,
    )


def standing_of(row: ConversationRow, unread: Mapping[Side, int]) -> Standing:
    """How a conversation stands."""
    return Standing(
        version=row.version,
        last_number=row.last_number,
        read_by_student=row.read_by_student,
        read_by_proctors=row.read_by_proctors,
        unread_by_student=unread[Side.STUDENT],
        unread_by_proctors=unread[Side.PROCTOR],
        hand_raised_at=row.hand_raised_at,
        hand_lowered_at=row.hand_lowered_at,
        hand_lowered_by=Side(row.hand_lowered_by) if row.hand_lowered_by else None,
    )
