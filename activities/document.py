"""The ports of what is written for people, mails and reports; the other ports stand in activities/ports.py."""

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Protocol
from uuid import UUID

from activities.ports import Contact, Mail
from schema import task
from schema.dossier import Dossier, Pictures


class MailWriter(Protocol):
    """Turns a mail's facts into words."""

    def write(self, mail: Mail, contact: Contact) -> EmailMessage:
        """The whole message, text and HTML; the same facts give the same message. Raises INVALID for an address."""


class TitleSource(Protocol):
    """What exams are called (schema `_reservations`)."""

    async def exam_title(self, exam_id: UUID) -> str:
        """Its current title. Raises NOT_FOUND."""


class DossierSource(Protocol):
    """Everything that is known of an attempt, read from each schema on its own."""

    async def dossier(self, attempt_id: UUID) -> Dossier:
        """What stands in the report; parts that never came to be are empty. Raises NOT_FOUND."""


class ReportPrinter(Protocol):
    """Sets an attempt's dossier as a document."""

    def print(self, dossier: Dossier, pictures: Pictures, identity: bytes | None) -> bytes:
        """A PDF with the evidence pictures and the identity photo that are there; the same input, the same bytes."""


class TablePrinter(Protocol):
    """Sets parts of a dossier as CSV."""

    def results(self, dossier: Dossier) -> bytes:
        """One line per question and round, decimals exact."""

    def anomalies(self, dossier: Dossier) -> bytes:
        """One line per incident."""


class ObjectIndex(Protocol):
    """Where an attempt's objects lie in the store, as far as the databases know."""

    async def folders(self, attempt_id: UUID, data_class: task.DataClass) -> Sequence[str]:
        """Folders that hold nothing but this attempt's data of the class, and names of single objects."""
