"""The ports: what activities need of the world, as small Protocols.

Every port has an in-memory twin (activities/adapters/memory/) and a real adapter; both pass one contract
suite in tests/contracts. Methods raise schema.failures.Failure for what a caller must know. All writes are
idempotent by the business key that stands in their argument.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Protocol
from uuid import UUID

from schema import task
from schema.analysis import Analysis
from schema.events import Envelope, Source
from schema.exam import Exam
from schema.grading import Answer, ItemMark, RoundResult
from schema.incident import DetectionPolicy, Incident
from schema.lifecycle import AttemptProjection, WindowProjection
from schema.record import Record
from schema.review import ReviewDecision, ReviewState


class SeatBook(Protocol):
    """Seats of slots; the database's truth (schema `_reservations`)."""

    async def hold(self, request: task.HoldSeat) -> None:
        """Take a seat and write the attempt's row and first move. Raises SLOT_FULL, ALREADY_RESERVED, NOT_FOUND."""

    async def move(self, request: task.MoveSeat) -> None:
        """Swap seats. Raises SLOT_FULL, NOT_FOUND."""

    async def release(self, request: task.ReleaseSeat) -> task.SeatReleased:
        """Give the seat back and clear `active_key`."""


class AttemptBook(Protocol):
    """The read model of attempts (schema `_reservations`)."""

    async def project(self, projection: AttemptProjection) -> None:
        """Write row, moves and events of all steps in one transaction; ignores versions already written.

        Clears `active_key` when the phase is final.
        """

    async def hold_from_deletion(self, attempt_id: UUID, is_on_hold: bool) -> None:
        """Block or allow deletion."""


class WindowBook(Protocol):
    """The projection of the clock where answers live (schema `_corrections`)."""

    async def project(self, projection: WindowProjection) -> None:
        """Write the window; an older version is ignored; a closed window never opens again unless newer."""


class FeedBook(Protocol):
    """What is known of attempts' streams (schema `_monitoring`)."""

    async def open(self, request: task.OpenFeed) -> None:
        """Let tickets be given for this attempt."""

    async def close(self, attempt_id: UUID) -> None:
        """Give no more tickets; API nodes then seal, and set `final_offset` once no record can follow."""


class Watcher(Protocol):
    """Analyses one attempt's records; synchronous, pure given state and records (filled from `ml`)."""

    def analyse(self, state: bytes | None, records: Sequence[Record]) -> Analysis:
        """Incidents of these records and the state to go on from."""


class WatcherSource(Protocol):
    """Makes a Watcher per attempt; models are loaded once per process."""

    @property
    def model_version(self) -> str:
        """Names and hashes of the models, one line."""

    def watcher(self, attempt_id: UUID, policy: DetectionPolicy) -> Watcher:
        """A watcher for this attempt."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Records after an offset, in order. `is_final` says that none will ever follow the last one."""

    records: tuple[Record, ...]
    is_final: bool


class RecordFeed(Protocol):
    """Reads an attempt's records from spool or lake alike."""

    async def read(self, attempt_id: UUID, after: int, limit: int, wait: float) -> FeedPage:
        """Up to `limit` records with offset > `after`; waits up to `wait` seconds for the first."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write an attempt's next checkpoint; a newer epoch makes it stale."""

    attempt_id: UUID
    epoch: int
    offset: int
    state: bytes | None
    frames: int
    unreadable: int


class CheckpointBook(Protocol):
    """Checkpoints, incidents, evidence, events and owed signals: one transaction (schema `_monitoring`)."""

    async def take_lease(self, attempt_id: UUID, owner: str) -> Lease:
        """Raise the lease's epoch and return where watching stands."""

    async def commit(self, lease: Lease, task: task.WatchTask, analysis: Analysis) -> Lease:
        """Write checkpoint, incidents, evidence, events and owed signals. Raises CONFLICT for a stale epoch."""

    async def finish(self, lease: Lease) -> None:
        """Mark watching as finished."""

    async def owed_signals(self, attempt_id: UUID) -> Sequence[tuple[UUID, str, str]]:
        """(signal_id, change, IncidentSignal as JSON) not yet delivered, oldest first."""

    async def delivered(self, signal_ids: Sequence[UUID]) -> None:
        """Forget delivered signals."""


class IncidentBook(Protocol):
    """Incidents of an attempt (schema `_monitoring`)."""

    async def of_attempt(self, attempt_id: UUID) -> Sequence[Incident]:
        """All incidents with their evidence, by start."""

    async def rule(self, attempt_id: UUID, decision: ReviewDecision) -> None:
        """Write a reviewer's rulings; publish nothing."""

    async def publish_start(self, start: task.MonitoringStart) -> None:
        """Publish `monitoring_started` once."""

    async def publish_end(self, end: task.MonitoringEnd) -> None:
        """Publish `monitoring_stopped` once."""

    async def publish_alert(self, alert: task.RaiseAlert) -> None:
        """Publish `high_risk_alert` once per incident."""

    async def record_detector_down(self, down: task.DetectorDown) -> None:
        """Open or close the technical incident `detector_down`."""


class IncidentSignaller(Protocol):
    """Brings incident signals to the monitoring workflow of an attempt."""

    async def signal(self, attempt_id: UUID, change: str, signal: str) -> None:
        """Send one; a workflow that has already closed is no error."""


class ExamCatalog(Protocol):
    """Frozen versions of exams (schema `_reservations`)."""

    async def exam(self, exam_id: UUID, version: int) -> Exam:
        """The whole exam, answer keys included. Raises NOT_FOUND."""


class AnswerBook(Protocol):
    """Answers (schema `_corrections`)."""

    async def save(self, answer: Answer, max_seconds: int = 0) -> Answer:
        """Store one revision on condition of the open window, in one transaction.

        Returns it with its standing (COUNTED or LATE); an older or equal (epoch, revision) changes nothing
        and returns the stored one. Raises DEADLINE_PASSED with the deadline, NOT_FOUND, ILLEGAL_MOVE (paused).
        """

    async def snapshot(self, attempt_id: UUID) -> Sequence[Answer]:
        """All counted answers, accepted late ones included."""


class MarkBook(Protocol):
    """Marks (schema `_corrections`)."""

    async def write_round(
        self, grading: task.GradingInput, items: Sequence[ItemMark], answers: Sequence[Answer]
    ) -> None:
        """Write a round's items with the answers that were marked; a written item is not changed."""

    async def write_essay(self, marked: task.EssayMarked, item: ItemMark) -> None:
        """Write a grader's mark of one item with its criteria."""

    async def items(self, attempt_id: UUID, round_number: int) -> Sequence[ItemMark]:
        """The items of a round."""

    async def complete(self, request: task.CompleteRound) -> RoundResult:
        """Add up and publish `grading_completed` once. Raises CONFLICT while an item has no mark."""


class ReviewBook(Protocol):
    """The read model of reviews (schema `_corrections`)."""

    async def project(self, state: ReviewState) -> None:
        """Write the row; publish `manual_review_required` when new and `review_decided` when decided, once each."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How to write to a person."""

    person_id: UUID
    email: str
    display_name: str
    time_zone: str
    language: str


class Directory(Protocol):
    """People as those who write to them need them (schema `_users`)."""

    async def contact(self, person_id: UUID) -> Contact:
        """One person. Raises NOT_FOUND."""

    async def with_role(self, role: str) -> Sequence[Contact]:
        """Everyone with a role who is not disabled."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is to be sent once."""

    mail_id: UUID
    message_id: str
    person_id: UUID
    template: str
    facts: dict[str, str]
    is_sent: bool
    is_refused: bool = False
    tries: int = 0


class MailBook(Protocol):
    """Mails that were or are to be sent (schema `_notifications`)."""

    async def enlist(self, person_id: UUID, occasion: str, template: str, facts: dict[str, str]) -> Mail:
        """The mail of this person and occasion, made on the first call; its Message-ID never changes.

        It is due at once, for whoever claims it first.
        """

    async def due(self, at: datetime, limit: int) -> Sequence[Mail]:
        """Neither sent nor refused, with `next_try_at` <= `at`, oldest first."""

    async def claim(self, mail_id: UUID, at: datetime, until: datetime) -> bool:
        """Take the right to send it till `until`: one conditional write of `next_try_at`, true for one caller."""

    async def sent(self, mail_id: UUID) -> None:
        """Remember that it was sent, and forget the fact `token`, which opened an account to its reader."""

    async def failed(self, mail_id: UUID, trouble: str, retry_at: datetime | None = None) -> None:
        """Count a failed try; the next one is due at `retry_at` (None: at once)."""

    async def refused(self, mail_id: UUID, trouble: str) -> None:
        """Remember that its address is refused for good: it is never tried again."""


class NotificationBook(Protocol):
    """Notifications on the screen (schema `_notifications`)."""

    async def add(self, person_id: UUID, occasion: str, kind: str, facts: dict[str, str]) -> None:
        """One per person and occasion."""


class MailSender(Protocol):
    """Hands a mail to a server, or writes it to a file."""

    @property
    def send_limit(self) -> timedelta:
        """How long one mail may take; while it does, nobody else tries to send it."""

    async def send(self, mail: EmailMessage) -> None:
        """Raises UNAVAILABLE when it should be tried again, INVALID when the address is refused for good."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of the store."""

    name: str
    size: int


class ObjectStore(Protocol):
    """The lake: large objects by name ('/'-separated, never ':'). Writes are atomic: whole or not at all."""

    async def put(self, name: str, data: bytes | AsyncIterator[bytes]) -> StoredObject:
        """Write or replace an object."""

    async def get(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        """Read a range. Raises NOT_FOUND."""

    async def stat(self, name: str) -> StoredObject | None:
        """Size, or None."""

    async def list(self, prefix: str) -> Sequence[StoredObject]:
        """All objects below a folder."""

    async def delete(self, name: str) -> None:
        """Remove; one that is gone is no error."""


class Outbox(Protocol):
    """The unpublished events of one schema."""

    source: Source

    async def unpublished(self, limit: int) -> Sequence[Envelope]:
        """The oldest unpublished events."""

    async def mark_published(self, event_ids: Sequence[UUID], at: datetime) -> None:
        """They need not be relayed again."""

    async def forget_published(self, before: datetime) -> int:
        """Drop events that were published before this instant; returns how many."""


class EventSink(Protocol):
    """Where the relay takes events: the lake's files, the projection, Kafka. Takes the same event twice as one."""

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Returns once all are durable."""


class HistorySource(Protocol):
    """Histories of workflows."""

    async def export(self, workflow_id: str) -> Sequence[tuple[str, bytes]]:
        """(run id, history as JSON) of every run. Raises UNAVAILABLE while the workflow is open, NOT_FOUND."""


class DataPurge(Protocol):
    """Deletes an attempt's data by class, across one schema each."""

    async def purge(self, request: task.DeleteData) -> int:
        """Delete rows, verify, and return how many there were."""

    async def is_on_hold(self, attempt_id: UUID) -> bool:
        """Whether deletion is blocked."""
