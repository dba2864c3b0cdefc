"""The in-memory twin of the MailBook."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from activities.adapters.now import Now, utc_now
from activities.ports import HOLD_AFTER_REPAIR, Mail, Pause
from schema.failures import Failure, FailureType
from schema.ids import mail_id_for


class MemoryMailBook:
    """Implements MailBook and MailPauses; `troubles` are the words of failed and refused tries."""

    def __init__(self, domain: str = "proctorwise.example", now: Now = utc_now) -> None:
        self.troubles: dict[UUID, str] = {}
        self._mails: dict[UUID, Mail] = {}
        self._next_try: dict[UUID, datetime] = {}
        self._sent: set[UUID] = set()
        self._held: set[UUID] = set()
        self._pauses: list[Pause] = []
        self._held_until = datetime.min.replace(tzinfo=UTC)
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
                mail_id, message_id, person_id, template, dict(facts),
                is_sent=mail_id in self._sent, attempt_id=attempt_id,
            )  # fmt: skip
            self._next_try[mail_id] = self._now()
            if attempt_id is not None and self._held_until > self._now():
                self._held.add(mail_id)
        return replace(self._mails[mail_id], is_held=mail_id in self._held)

    async def due(self, at: datetime, limit: int) -> Sequence[Mail]:
        """Neither sent, refused nor held, with `next_try_at` <= `at`, oldest first; none in a pause."""
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

    async def may_send(self, mail_id: UUID) -> bool:
        """Whether neither a pause nor an administrator's word is waited for."""
        return mail_id in self._mails and mail_id not in self._held and not self._pauses

    async def pause(self, pause: Pause) -> None:
        """Send nothing from now on."""
        self._pauses.append(pause)

    async def paused(self) -> Pause | None:
        """The oldest copy, and the least that is known."""
        if not self._pauses:
            return None
        taken_at = min(pause.taken_at for pause in self._pauses)
        return Pause(taken_at, all(pause.is_log_whole for pause in self._pauses))

    async def note_sent(self, sent: Mapping[UUID, datetime]) -> int:
        """What has no mail yet counts as sent when it is made."""
        waiting = {mail_id for mail_id in sent if mail_id in self._mails and not self._mails[mail_id].is_sent}
        news = waiting | {mail_id for mail_id in sent if mail_id not in self._mails} - self._sent
        self._sent |= news - waiting
        self._held -= waiting
        for mail_id in waiting:
            await self.sent(mail_id)
        return len(news)

    async def waiting(self) -> Sequence[UUID]:
        """The attempts of the mails that wait."""
        waiting = [mail for mail_id, mail in self._mails.items() if self._waits(mail_id)]
        return list({mail.attempt_id for mail in waiting if mail.attempt_id is not None})

    async def resume(self, *, hold: bool) -> int:
        """Send again, or keep back what waits."""
        waiting = {mail_id for mail_id in self._mails if self._waits(mail_id)}
        self._pauses.clear()
        if hold:
            self._held |= waiting
            self._held_until = self._now() + HOLD_AFTER_REPAIR
        return len(waiting)

    async def held(self) -> int:
        """All that an administrator is asked about."""
        return len(self._held)

    async def settle_held(self, *, send: bool) -> int:
        """They are due at once, or never."""
        held, self._held = self._held, set()
        for mail_id in held:
            self._next_try[mail_id] = self._now()
            if not send:
                self._mails[mail_id] = replace(self._mails[mail_id], is_refused=True)
        return len(held)

    def _is_due(self, mail_id: UUID, at: datetime) -> bool:
        return self._waits(mail_id) and not self._pauses and self._next_try[mail_id] <= at

    def _waits(self, mail_id: UUID) -> bool:
        mail = self._mails[mail_id]
        return not mail.is_sent and not mail.is_refused and mail_id not in self._held

    def _mail(self, mail_id: UUID) -> Mail:
        if mail_id not in self._mails:
            raise Failure(FailureType.NOT_FOUND, "there is no such mail; enlist it first", mail_id=mail_id)
        return self._mails[mail_id]
