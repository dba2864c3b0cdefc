"""Every contract of the repositories, on Galera."""

from tests.stack.galera.again import taken_from

SUITES = (
    "answer_book", "attempt_book", "checkpoint_book", "conversation_book", "directory", "dossier",
    "event_order", "event_sink", "exam_catalog", "feed_book", "hold_book", "incident_book", "mail_book",
    "mark_book", "notification_book", "operation_book", "outage_book", "outbox", "review_book", "seat_book", "waiting",
)  # fmt: skip

globals().update(taken_from(*(f"tests.contracts.test_{suite}" for suite in SUITES)))
