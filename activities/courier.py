"""Delivers one mail: claims it, writes it, sends it, and remembers how that went."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from activities.ports import Contact, Mail, MailBook, MailSender, MailWriter, SentMailLog
from schema.failures import Failure, FailureType

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)


class Delivery(StrEnum):
    """How a try ended."""

    SENT = "sent"
    REFUSED = "refused"  # the address will never work
    LATER = "later"  # try again
    HELD = "held"  # not before it is known what was sent before a restore; the mail loop goes on with it


class Courier:
    """Used by the notify activity and the mail loop alike, so that both follow one rule.

    A crash between sending and remembering sends the mail again with the same Message-ID. A mail that is being
    sent elsewhere is left alone until the sender's limit and a margin have passed.
    """

    def __init__(
        self,
        mails: MailBook,
        writer: MailWriter,
        sender: MailSender,
        log: SentMailLog | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._mails = mails
        self._writer = writer
        self._sender = sender
        self._log = log
        self._send_limit = sender.send_limit
        self._now = now

    async def deliver(self, mail: Mail, contact: Contact) -> Delivery:
        """Send it unless that was done or is being done."""
        if mail.is_sent or mail.is_refused:
            return Delivery.SENT if mail.is_sent else Delivery.REFUSED
        now = self._now()
        if not await self._mails.claim(mail.mail_id, now, now + self._send_limit * 1.25):
            return Delivery.LATER if await self._mails.may_send(mail.mail_id) else Delivery.HELD
        try:
            await self._send(mail, contact)
        except Failure as failure:
            return await self._remember_trouble(mail, failure)
        if self._log is not None:
            await self._log.note(mail.mail_id, self._now())
        await self._mails.sent(mail.mail_id)
        return Delivery.SENT

    async def refuse(self, mail: Mail, trouble: str) -> None:
        """Give a mail up that can reach nobody."""
        await self._mails.refused(mail.mail_id, trouble)

    async def postpone(self, mail: Mail, trouble: str) -> None:
        """Try again after a while that doubles with each try."""
        wait = min(FIRST_WAIT * 2 ** min(mail.tries, 20), LONGEST_WAIT)
        await self._mails.failed(mail.mail_id, trouble, self._now() + wait)

    async def _send(self, mail: Mail, contact: Contact) -> None:
        message = self._writer.write(mail, contact)
        try:
            async with asyncio.timeout(self._send_limit.total_seconds()):
                await self._sender.send(message)
        except TimeoutError as late:
            trouble = f"mail {mail.mail_id} was not taken within {self._send_limit}"
            raise Failure(FailureType.UNAVAILABLE, trouble) from late

    async def _remember_trouble(self, mail: Mail, failure: Failure) -> Delivery:
        if failure.is_retryable:
            await self.postpone(mail, failure.message)
            return Delivery.LATER
        await self.refuse(mail, failure.message)
        return Delivery.REFUSED
