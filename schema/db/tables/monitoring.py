"""Streams, segments, checkpoints, incidents, evidence and conversations (schema `proctorwise_monitoring`)."""

from sqlalchemy import JSON, BigInteger, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from schema.db.column import NAMING, Bytes, Id, Instant, MaybeInstant, MaybeRef, Name, Ref, Word
from schema.db.tables.outbox import OutboxColumns, SequenceColumns


class MonitoringTable(DeclarativeBase):
    """The tables of this schema."""

    metadata = MetaData(naming_convention=NAMING)


class StreamTicket(MonitoringTable):
    """A single-use ticket to open one stream; only its hash is stored."""

    __tablename__ = "stream_ticket"
    ticket_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempt_id: Mapped[Ref]
    person_id: Mapped[Ref]
    session_id: Mapped[MaybeRef]  # null: given by a node of an older version
    epoch: Mapped[int]
    expires_at: Mapped[Instant]
    used_at: Mapped[MaybeInstant]
    page: Mapped[str | None] = mapped_column(String(64))  # of the browser, as it names itself


class StreamRow(MonitoringTable):
    """One connection of one device; a newer epoch fences an older one."""

    __tablename__ = "stream"
    stream_id: Mapped[Id]
    attempt_id: Mapped[Ref]
    epoch: Mapped[int]
    node_id: Mapped[Word]
    opened_at: Mapped[Instant]
    closed_at: Mapped[MaybeInstant]
    last_seen_at: Mapped[Instant]
    page: Mapped[str | None] = mapped_column(String(64))


class AttemptFeed(MonitoringTable):
    """What is known of an attempt's stream as a whole. `final_offset` is set once no record can follow."""

    __tablename__ = "attempt_feed"
    attempt_id: Mapped[Id]
    organisation_id: Mapped[Ref]
    exam_id: Mapped[Ref]
    student_id: Mapped[Ref]
    epoch: Mapped[int] = mapped_column(default=0)
    opens: Mapped[bool] = mapped_column(default=False)  # tickets are given
    presence: Mapped[Word] = mapped_column(default="never")
    last_record_at: Mapped[MaybeInstant]
    # Indexed: each second API nodes look for closed feeds without an end.
    final_offset: Mapped[int | None] = mapped_column(BigInteger, nullable=True, index=True)
    interval_ms: Mapped[int] = mapped_column(default=1000)
    screen_interval_ms: Mapped[int | None] = mapped_column(nullable=True)  # None: not asked for
    last_offset: Mapped[int | None] = mapped_column(
        BigInteger, nullable=True
    )  # of what the node has accepted
    # What no detector had looked at when the node looked last: the oldest record, and how many frames in all.
    waiting_offset: Mapped[int | None] = mapped_column(BigInteger, nullable=True)
    # Indexed: operators are told each two seconds of what waits.
    waiting_since: Mapped[MaybeInstant] = mapped_column(index=True)
    waiting_frames: Mapped[int | None] = mapped_column(nullable=True)


class GlimpseRow(MonitoringTable):
    """The newest picture of somebody who waits to be let in; each one takes the place of the one before."""

    __tablename__ = "glimpse"
    attempt_id: Mapped[Id]
    captured_at: Mapped[Instant]
    jpeg: Mapped[Bytes]


class SegmentRow(MonitoringTable):
    """A spool segment: OPEN on a node, SEALED, UPLOADED to the object store, TRIMMED from the node."""

    __tablename__ = "segment"
    segment_id: Mapped[Id]
    attempt_id: Mapped[Ref]
    node_id: Mapped[Word]
    state: Mapped[Word] = mapped_column(index=True)
    first_offset: Mapped[int] = mapped_column(BigInteger)
    last_offset: Mapped[int | None] = mapped_column(BigInteger, nullable=True)
    records: Mapped[int] = mapped_column(default=0)
    frames: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    object_name: Mapped[Name] = mapped_column(default="")
    created_at: Mapped[Instant]
    sealed_at: Mapped[MaybeInstant]
    uploaded_at: Mapped[MaybeInstant]
    trimmed_at: Mapped[MaybeInstant]


class WatchCheckpoint(MonitoringTable):
    """Where watching stands: offset, engine state, and the lease epoch that may write the next one."""

    __tablename__ = "watch_checkpoint"
    attempt_id: Mapped[Id]
    lease_epoch: Mapped[int]
    owner: Mapped[Name]
    offset: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[Bytes | None] = mapped_column(nullable=True)
    frames: Mapped[int] = mapped_column(BigInteger, default=0)
    unreadable: Mapped[int] = mapped_column(BigInteger, default=0)
    account: Mapped[Bytes | None] = mapped_column(
        nullable=True
    )  # CoverageAccount; null from an older version
    updated_at: Mapped[Instant]
    finished_at: Mapped[MaybeInstant]


class IncidentRow(MonitoringTable):
    """An incident as it stands; `ruling` and `ruling_reason` come from a reviewer."""

    __tablename__ = "incident"
    incident_id: Mapped[Id]
    attempt_id: Mapped[Ref]
    kind: Mapped[Word]
    severity: Mapped[Word]
    opening_offset: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[Instant]
    ended_at: Mapped[MaybeInstant]
    confidence: Mapped[float]
    rule: Mapped[str] = mapped_column(Text)
    model: Mapped[Name]
    ruling: Mapped[Word] = mapped_column(default="")
    ruling_reason: Mapped[str] = mapped_column(Text, default="")
    acknowledged_by: Mapped[str | None] = mapped_column(String(36), nullable=True)
    created_at: Mapped[Instant] = mapped_column(index=True)


class EvidenceRow(MonitoringTable):
    """A frame that shows an incident; the picture itself stands in the stream at `offset`."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("incident_id", "moment", "offset"),)
    evidence_id: Mapped[Id]
    incident_id: Mapped[Ref]
    attempt_id: Mapped[Ref]
    moment: Mapped[Word]
    offset: Mapped[int] = mapped_column(BigInteger)
    captured_at: Mapped[Instant]
    boxes: Mapped[list[list[str | float]]] = mapped_column(JSON)


class IncidentSignalRow(MonitoringTable):
    """An incident signal owed to the monitoring workflow; written with the incident, deleted once delivered."""

    __tablename__ = "incident_signal"
    __table_args__ = (UniqueConstraint("incident_id", "change"),)
    signal_id: Mapped[Id]
    attempt_id: Mapped[Ref]
    incident_id: Mapped[Ref]
    change: Mapped[Word]
    signal: Mapped[str] = mapped_column(Text)
    number: Mapped[int]  # the sequence of the event that tells the same: the order of delivery
    created_at: Mapped[Instant]


class ConversationRow(MonitoringTable):
    """How an attempt's conversation stands; every change of it counts `version` up, so one row orders them all."""

    __tablename__ = "conversation"
    attempt_id: Mapped[Id]
    version: Mapped[int] = mapped_column(default=0)
    last_number: Mapped[int] = mapped_column(default=0)
    read_by_student: Mapped[int] = mapped_column(default=0)
    read_by_proctors: Mapped[int] = mapped_column(default=0)
    hand_raised_at: Mapped[MaybeInstant] = mapped_column(index=True)
    hand_lowered_at: Mapped[MaybeInstant]
    hand_lowered_by: Mapped[Word] = mapped_column(default="")


class MessageRow(MonitoringTable):
    """What somebody said in it. `device_key` was chosen by the author's device."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("attempt_id", "number"),)
    message_id: Mapped[Id]
    attempt_id: Mapped[Ref]
    number: Mapped[int]
    author_id: Mapped[Ref]
    side: Mapped[Word]
    device_key: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant] = mapped_column(index=True)


class MonitoringOutbox(OutboxColumns, MonitoringTable):
    """Events of this schema."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("attempt_id", "sequence"),)


class MonitoringSequence(SequenceColumns, MonitoringTable):
    """Sequence counters of this schema."""

    __tablename__ = "event_sequence"
