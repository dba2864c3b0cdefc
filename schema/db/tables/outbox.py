"""The outbox and the counter of sequences that every publishing schema has."""

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from schema.db.column import Id, Instant, MaybeInstant, Ref, Word


class OutboxColumns:
    """An event waiting to be relayed; written in the transaction of the fact it tells."""

    event_id: Mapped[Id]
    topic: Mapped[Word]
    attempt_id: Mapped[Ref]
    sequence: Mapped[int] = mapped_column(Integer)
    envelope: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Instant]
    # Where it has arrived: in the projection and a lake of local files; in Kafka; in a lake in HDFS that the relay
    # feeds. The last two only where they are configured.
    published_at: Mapped[MaybeInstant] = mapped_column(index=True)
    mirrored_at: Mapped[MaybeInstant] = mapped_column(index=True)
    stored_at: Mapped[MaybeInstant] = mapped_column(index=True)


class SequenceColumns:
    """The last sequence number given to an attempt's events in this schema."""

    attempt_id: Mapped[Id]
    last: Mapped[int] = mapped_column(BigInteger)


class ReceiptColumns:
    """The answer to a request that carried an idempotency key, so the same request gets the same answer."""

    receipt_id: Mapped[Id]  # uuid5 of person, route and key
    fingerprint: Mapped[Word] = mapped_column()  # sha256 prefix of the request's body
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Instant] = mapped_column(index=True)
