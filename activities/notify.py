"""Tells people something once: on the screen always, by mail where the occasion has one."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from temporalio import activity

from activities.courier import Courier, Delivery
from activities.heartbeat import beating
from activities.occasion import ROLE_OF, SCREEN_ONLY, is_blind
from activities.ports import Contact, Directory, MailBook, NotificationBook, TitleSource
from schema.failures import Failure, FailureType
from schema.notice import Audience, Notify

LOG = logging.getLogger(__name__)
SENT_AT_ONCE = 4  # connections to the mail server


class NotifyActivities:
    """Looks the people up, writes notification and mail for each, and sends what is not sent yet."""

    def __init__(
        self,
        directory: Directory,
        titles: TitleSource,
        mails: MailBook,
        notifications: NotificationBook,
        courier: Courier,
    ) -> None:
        self._directory = directory
        self._titles = titles
        self._mails = mails
        self._notifications = notifications
        self._courier = courier

    @activity.defn
    async def notify(self, notice: Notify) -> None:
        """One notification and one mail per person and occasion, however often it is called.

        A person who is gone or whose address is refused for good is recorded and stops nobody. Raises
        UNAVAILABLE while a mail could not be sent, so that it is called again and sends the unsent ones.
        """
        async with beating():
            await self.tell(notice)

    async def tell(self, notice: Notify) -> None:
        """The same for whoever is no activity."""
        deliveries = await self._tell_all(notice)
        if waiting := deliveries[Delivery.LATER]:
            what = f"{waiting} of {deliveries.total()} mails of {occasion_key(notice)} could not be sent yet"
            raise Failure(FailureType.UNAVAILABLE, what)

    async def tell_by_and_by(self, notice: Notify) -> None:
        """The same; a mail that cannot be sent yet is left to the mail loop."""
        try:
            await self.tell(notice)
        except Failure as failure:
            if failure.type is not FailureType.UNAVAILABLE:
                raise
            LOG.warning("%s; the mail loop goes on with them", failure)

    async def remember(self, notice: Notify) -> None:
        """Note that people were told, without telling them: for a database that has forgotten it."""
        facts = await self._facts(notice)
        key, kind, attempt_id = occasion_key(notice), notice.occasion.value, notice.attempt_id
        for contact in await self._contacts(notice):
            await self._notifications.add(contact.person_id, key, kind, facts, attempt_id=attempt_id)
            if notice.occasion not in SCREEN_ONLY:
                mail = await self._mails.enlist(contact.person_id, key, kind, facts, attempt_id=attempt_id)
                if not mail.is_held:
                    await self._mails.sent(mail.mail_id)

    async def _tell_all(self, notice: Notify) -> Counter[Delivery]:
        contacts = await self._contacts(notice)
        facts = await self._facts(notice)
        gate = asyncio.Semaphore(SENT_AT_ONCE)
        told = [self._tell(notice, contact, facts, gate) for contact in contacts]
        return Counter(await asyncio.gather(*told))

    async def _contacts(self, notice: Notify) -> Sequence[Contact]:
        if notice.audience in ROLE_OF:
            people = await self._directory.with_role(ROLE_OF[notice.audience])
            excluded = {*notice.excluded, await self._student(notice)}
            return [person for person in people if person.person_id not in excluded]
        return await self._one_person(notice)

    async def _student(self, notice: Notify) -> UUID | None:
        """Nobody is told as staff what is about themselves."""
        return None if notice.attempt_id is None else await self._titles.student_of(notice.attempt_id)

    async def _one_person(self, notice: Notify) -> Sequence[Contact]:
        if notice.person_id is None:
            who = "the student" if notice.audience is Audience.STUDENT else "a person"
            raise Failure(FailureType.INVALID, f"{occasion_key(notice)} is for {who} but names no person_id")
        try:
            return [await self._directory.contact(notice.person_id)]
        except Failure as failure:
            if failure.type is not FailureType.NOT_FOUND:
                raise
            LOG.warning("nobody to tell %s: person %s is gone", occasion_key(notice), notice.person_id)
            return []

    async def _facts(self, notice: Notify) -> dict[str, str]:
        facts = {"occurred_at": notice.at.isoformat(), **notice.facts}
        if notice.attempt_id is not None and not is_blind(facts):
            facts["attempt_id"] = str(notice.attempt_id)
        if notice.exam_id is not None:
            facts["exam_id"] = str(notice.exam_id)
            facts |= await self._title(notice.exam_id)
        return facts

    async def _title(self, exam_id: UUID) -> dict[str, str]:
        try:
            return {"exam": await self._titles.exam_title(exam_id)}
        except Failure as failure:
            if failure.type is not FailureType.NOT_FOUND:
                raise
            LOG.warning("exam %s has no title any more: its notices say `your exam`", exam_id)
            return {}

    async def _tell(
        self, notice: Notify, contact: Contact, facts: dict[str, str], gate: asyncio.Semaphore
    ) -> Delivery:
        key, kind, attempt_id = occasion_key(notice), notice.occasion.value, notice.attempt_id
        async with gate:
            await self._notifications.add(contact.person_id, key, kind, facts, attempt_id=attempt_id)
            if notice.occasion in SCREEN_ONLY:
                return Delivery.SENT
            mail = await self._mails.enlist(contact.person_id, key, kind, facts, attempt_id=attempt_id)
            return await self._courier.deliver(mail, contact)


def occasion_key(notice: Notify) -> str:
    """Names the occasion among all of a person's: `{attempt or exam}/{occasion}/{key}`."""
    return f"{notice.attempt_id or notice.exam_id or 'account'}/{notice.occasion}/{notice.key}"
