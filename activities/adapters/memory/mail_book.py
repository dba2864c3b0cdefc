"""The in-memory twin of the MailBook."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from activities.adapters.now import Now, utc_now
from activities.ports import Mail
from schema.failures import Failure, FailureType
from schema.ids import mail_id_for


class MemoryMailBook:
    """Implements MailBook; `troubles` are the words of failed and refused tries."""

    def __init__(self, domain: str = "proctorwise.example", now: Now = utc_now) -> None:
        self.troubles: dict[UUID, str] = {}
        self._mails: dict[UUID, Mail] = {}
        self._next_try: dict[UUID, datetime] = {}
        self._domain = domain
        self._now = now

    async def enlist(
        self,
        person_id: UUID,
        occasion: str,
        template: str,
        facts: dict[str, str],
        *,
        attempt_id: UUID | None = None,
    ) -> Mail:
        """The mail of this person and occasion, made on the first call and due at once."""
        mail_id = mail_id_for(person_id, occasion)
        if mail_id not in self._mails:
            message_id = f"<{mail_id}@{self._domain}>"
            self._mails[mail_id] = Mail(
                mail_id, message_id, person_id, template, dict(facts), is_sent=False, attempt_id=attempt_id
            )
            self._next_try[mail_id] = self._now()
        return self._mails[mail_id]

    async def due(self, at: datetime, limit: int) -> Sequence[Mail]:
        """Neither sent nor refused, with `next_try_at` <= `at`, oldest first."""
        by_time = sorted(self._mails, key=lambda mail_id: self._next_try[mail_id])
        return [self._mails[mail_id] for mail_id in by_time if self._is_due(mail_id, at)][:limit]

    async def claim(self, mail_id: UUID, at: datetime, until: datetime) -> bool:
        """Take the right to send it till `until`; true for one caller."""
        if mail_id not in self._mails or not self._is_due(mail_id, at):
            return False
        self._next_try[mail_id] = until
        return True

    async def sent(self, mail_id: UUID) -> None:
        """Remember that it was sent, and forget the fact that opened an account to its reader."""
        mail = self._mail(mail_id)
        facts = {name: fact for name, fact in mail.facts.items() if name != "token"}
        self._mails[mail_id] = replace(mail, is_sent=True, facts=facts)

    async def failed(self, mail_id: UUID, trouble: str, retry_at: datetime | None = None) -> None:
        """Count a failed try; the next one is due at `retry_at` (None: at once)."""
        mail = self._mail(mail_id)
        self._mails[mail_id] = replace(mail, tries=mail.tries + 1)
        self._next_try[mail_id], self.troubles[mail_id] = retry_at or self._now(), trouble

    async def refused(self, mail_id: UUID, trouble: str) -> None:
        """Remember that its address is refused for good."""
        mail = self._mail(mail_id)
        self._mails[mail_id] = replace(mail, tries=mail.tries + 1, is_refused=True)
        self.troubles[mail_id] = trouble

    def _is_due(self, mail_id: UUID, at: datetime) -> bool:
        mail = self._mails[mail_id]
        return not mail.is_sent and not mail.is_refused and self._next_try[mail_id] <= at

    def _mail(self, mail_id: UUID) -> Mail:
        if mail_id not in self._mails:
            raise Failure(FailureType.NOT_FOUND, "there is no such mail; enlist it first", mail_id=mail_id)
        return self._mails[mail_id]
