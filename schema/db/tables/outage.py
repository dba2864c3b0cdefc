"""Marks of service, outages, who was served where, and what attempts lost by it (schema `proctorwise_reservations`)."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from schema.db.column import Id, Instant, MaybeInstant, Ref, UtcDateTime, Word
from schema.db.tables.reservations import ReservationsTable


class ServiceMarkRow(ReservationsTable):
    """How long a node has served a component: from its first mark to its last one, but for its outages."""

    __tablename__ = "service_mark"
    component: Mapped[Word] = mapped_column(primary_key=True)
    node_id: Mapped[Word] = mapped_column(primary_key=True)
    first_at: Mapped[Instant]
    last_at: Mapped[Instant]


class OutageRow(ReservationsTable):
    """A gap between two marks of a node that was longer than tolerated. `swept_at`: all attempts were looked at."""

    __tablename__ = "outage"
    outage_id: Mapped[Id]
    component: Mapped[Word]
    node_id: Mapped[Word]
    cause: Mapped[Word]
    began_at: Mapped[Instant]
    ended_at: Mapped[Instant] = mapped_column(index=True)
    swept_at: Mapped[MaybeInstant] = mapped_column(index=True)


class NodeStay(ReservationsTable):
    """A student's browser was seen at an API node, from then until then."""

    __tablename__ = "node_stay"
    attempt_id: Mapped[Id]
    node_id: Mapped[Word] = mapped_column(primary_key=True)
    since: Mapped[Instant] = mapped_column(UtcDateTime(), primary_key=True)
    until: Mapped[Instant]


class OwedTime(ReservationsTable):
    """What an attempt lost by one silence of the platform, and what it was given back for it.

    `is_wait`: a timer of its lost the time, that of a hold or a pause, say, and not the clock of the exam.
    `waiting` until its workflow has taken it (`given`, as its move says) or can take nothing any more (`refused`).
    """

    __tablename__ = "owed_time"
    attempt_id: Mapped[Id]
    began_at: Mapped[Instant] = mapped_column(UtcDateTime(), primary_key=True)
    ended_at: Mapped[Instant]
    exam_id: Mapped[Ref]
    cause: Mapped[Word]
    is_wait: Mapped[bool] = mapped_column(default=False, server_default="0")
    state: Mapped[Word] = mapped_column(index=True)
    lost_seconds: Mapped[int]
    added_seconds: Mapped[int] = mapped_column(default=0)
    why_less: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Instant]
    decided_at: Mapped[MaybeInstant]
