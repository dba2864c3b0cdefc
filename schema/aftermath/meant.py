"""Which late answers an acceptance means."""

from datetime import datetime

from schema.aftermath.late import AcceptedLate
from schema.grading import Answer


def is_meant(accepted: AcceptedLate, answer: Answer, ended_at: datetime | None) -> bool:
    """The one that is named, or each that came soon enough after its end."""
    if accepted.revision is not None:
        named = accepted.revision
        return (answer.question_id, answer.epoch, answer.revision) == (
            named.question_id,
            named.epoch,
            named.revision,
        )
    limit = accepted.within
    return ended_at is not None and limit is not None and answer.received_at - ended_at <= limit
