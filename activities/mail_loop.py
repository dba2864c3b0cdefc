"""Sends the mails that nobody is sending: those of accounts, and those that a crash or a busy server left."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from activities.courier import Courier, Delivery
from activities.ports import Directory, Mail, MailBook
from schema.failures import Failure, FailureType

LOG = logging.getLogger(__name__)
BATCH = 50
LONGEST_PAUSE = timedelta(seconds=30)


class MailLoop:
    """Runs beside the workers; several may run at once, a mail is claimed by one of them."""

    def __init__(
        self,
        directory: Directory,
        mails: MailBook,
        courier: Courier,
        *,
        pause: timedelta = timedelta(seconds=1),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._directory = directory
        self._mails = mails
        self._courier = courier
        self._pause = pause
        self._now = now

    async def run(self) -> None:
        """Until cancelled. Trouble with the database makes it wait longer, never end."""
        pause = self._pause
        while True:
            try:
                sent = await self.send_due()
                pause = self._pause if sent < BATCH else timedelta(0)
            except Exception:
                LOG.exception("mails cannot be sent now; trying again after %s", pause)
                pause = min(max(pause, self._pause) * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause.total_seconds())

    async def send_due(self) -> int:
        """Try every mail that is due once; returns how many were sent."""
        due = await self._mails.due(self._now(), BATCH)
        return sum([await self._try(mail) is Delivery.SENT for mail in due])

    async def _try(self, mail: Mail) -> Delivery:
        try:
            return await self._courier.deliver(mail, await self._directory.contact(mail.person_id))
        except Failure as failure:
            return await self._give_up_or_wait(mail, failure)
        except Exception as trouble:
            LOG.exception("mail %s cannot be written or sent", mail.mail_id)
            await self._courier.postpone(mail, f"{type(trouble).__name__}: {trouble}")
            return Delivery.LATER

    async def _give_up_or_wait(self, mail: Mail, failure: Failure) -> Delivery:
        if failure.type is FailureType.NOT_FOUND:
            await self._courier.refuse(mail, failure.message)
            return Delivery.REFUSED
        await self._courier.postpone(mail, failure.message)
        return Delivery.LATER
