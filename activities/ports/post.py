"""People, and what is written to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Contact:
    """How to write to a person. Until the address is confirmed a stranger may have chosen name and address."""

    person_id: UUID
    email: str
    display_name: str
    time_zone: str
    language: str
    is_confirmed: bool = field(default=True, compare=False)


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
    is_held: bool = False
    tries: int = 0
    attempt_id: UUID | None = None


class MailBook(Protocol):
    """Mails that were or are to be sent (schema `_notifications`)."""

    async def enlist(
        self,
        person_id: UUID,
        occasion: str,
        template: str,
        facts: dict[str, str],
        *,
        attempt_id: UUID | None = None,
    ) -> Mail:
        """The mail of this person and occasion, made on the first call; its Message-ID never changes.

        It is due at once, for whoever claims it first. It is deleted with the decision log of `attempt_id`.
        """

    async def due(self, at: datetime, limit: int) -> Sequence[Mail]:
        """Neither sent, refused nor held, with `next_try_at` <= `at`, oldest first; none while sending is paused."""

    async def claim(self, mail_id: UUID, at: datetime, until: datetime) -> bool:
        """Take the right to send it till `until`: one conditional write of `next_try_at`, true for one caller."""

    async def may_send(self, mail_id: UUID) -> bool:
        """False for a mail that is held, and for every one while sending is paused."""

    async def sent(self, mail_id: UUID) -> None:
        """Remember that it was sent, and forget the fact `token`, which opened an account to its reader."""

    async def failed(self, mail_id: UUID, trouble: str, retry_at: datetime | None = None) -> None:
        """Count a failed try; the next one is due at `retry_at` (None: at once)."""

    async def refused(self, mail_id: UUID, trouble: str) -> None:
        """Remember that its address is refused for good: it is never tried again."""


# Where nothing says what was sent before a restore, mails of attempts are held for so long after its repair, too.
HOLD_AFTER_REPAIR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Pause:
    """Since a restore no mail is sent; see MailPauses."""

    taken_at: datetime  # how old the copy was
    is_log_whole: bool  # whether the log of sent mails outlived what was lost
    began_at: datetime | None = field(default=None, compare=False)


class MailPauses(Protocol):
    """After a restore no mail is sent until it is known which ones had been (schema `_notifications`)."""

    async def pause(self, pause: Pause) -> None:
        """Send nothing from now on."""

    async def paused(self) -> Pause | None:
        """The pause, of several the oldest copy and the least that is known; None when mails are sent."""

    async def note_sent(self, sent: Mapping[UUID, datetime]) -> int:
        """These were sent: none of them is sent again, and one made later counts as sent; how many are news."""

    async def waiting(self) -> Sequence[UUID]:
        """The attempts of the mails that wait."""

    async def resume(self, *, hold: bool) -> int:
        """Send again. `hold` keeps back what waits, and what attempts give rise to next, since nobody knows whether it
        was sent before; how many wait now.
        """

    async def held(self) -> int:
        """How many are kept back."""

    async def settle_held(self, *, send: bool) -> int:
        """Send those that are kept back, or give them up; how many."""


class SentMailLog(Protocol):
    """Which mails were sent, kept apart from the database, so that a restore of an older copy finds it."""

    async def note(self, mail_id: UUID, at: datetime) -> None:
        """It was taken by the mail server. Nothing stops a mail from counting as sent: trouble is logged."""


class NotificationBook(Protocol):
    """Notifications on the screen (schema `_notifications`)."""

    async def add(
        self,
        person_id: UUID,
        occasion: str,
        kind: str,
        facts: dict[str, str],
        *,
        attempt_id: UUID | None = None,
    ) -> None:
        """One per person and occasion, deleted with the decision log of `attempt_id`."""


class MailWriter(Protocol):
    """Turns a mail's facts into words."""

    def write(self, mail: Mail, contact: Contact) -> EmailMessage:
        """The whole message, text and HTML; the same facts give the same message. Raises INVALID for an address."""


class MailSender(Protocol):
    """Hands a mail to a server, or writes it to a file."""

    @property
    def send_limit(self) -> timedelta:
        """How long one mail may take; while it does, nobody else tries to send it."""

    async def send(self, mail: EmailMessage) -> None:
        """Raises UNAVAILABLE when it should be tried again, INVALID when the address is refused for good."""


class TitleSource(Protocol):
    """What exams are called (schema `_reservations`)."""

    async def student_of(self, attempt_id: UUID) -> UUID | None:
        """Whose attempt it is; None for one that is not known."""

    async def exam_title(self, exam_id: UUID) -> str:
        """Its current title. Raises NOT_FOUND."""
