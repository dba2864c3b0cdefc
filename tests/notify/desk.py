"""What tests of mail arrange with: people, books in memory, and senders that can be told to fail."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

from temporalio.testing import ActivityEnvironment

from activities.adapters.memory.directory import MemoryDirectory
from activities.adapters.memory.mail_book import MemoryMailBook
from activities.adapters.memory.notification_book import MemoryNotificationBook
from activities.adapters.memory.title_source import MemoryTitleSource
from activities.adapters.template.writer import TemplateWriter
from activities.courier import Courier
from activities.mail_loop import MailLoop
from activities.notify import NotifyActivities
from activities.ports import Contact, MailSender
from schema.failures import Failure
from schema.ids import new_id
from schema.notice import Audience, Notify, Occasion

BEGIN = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
EXAM = new_id()


class RecordingSender:
    """A MailSender that remembers what it took; `failures` are raised for an address, one per try."""

    send_limit = timedelta(seconds=8)

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.tried: list[EmailMessage] = []
        self.failures: dict[str, list[Failure]] = {}

    async def send(self, mail: EmailMessage) -> None:
        self.tried.append(mail)
        for address, failures in self.failures.items():
            if failures and address in mail["To"]:
                raise failures.pop(0)
        self.taken.append(mail)

    @property
    def receivers(self) -> list[str]:
        return sorted(str(mail["To"]) for mail in self.taken)


class ForgetfulMailBook(MemoryMailBook):
    """A book whose process dies `deaths` times between sending a mail and writing it down."""

    deaths = 0

    async def sent(self, mail_id: UUID) -> None:
        if self.deaths:
            self.deaths -= 1
            raise ConnectionResetError("the process died here")
        await super().sent(mail_id)


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


class Desk:
    """Notify and the mail loop over the same books."""

    def __init__(self, sender: MailSender, mails: type[ForgetfulMailBook] = ForgetfulMailBook) -> None:
        self.clock = Clock()
        self.directory = MemoryDirectory()
        self.titles = MemoryTitleSource()
        self.titles.add(EXAM, "Biology")
        self.mails = mails(now=self.clock)
        self.notifications = MemoryNotificationBook()
        writer = TemplateWriter("ProctorWise <no-reply@proctorwise.example>", "http://localhost:8000")
        self.courier = Courier(self.mails, writer, sender, now=self.clock)
        self.activities = NotifyActivities(
            self.directory, self.titles, self.mails, self.notifications, self.courier
        )
        self.loop = MailLoop(
            self.directory, self.mails, self.courier, pause=timedelta(milliseconds=10), now=self.clock
        )

    def person(self, name: str, *roles: str, zone: str = "Europe/Vienna") -> UUID:
        """Somebody with an address `name@example.org`."""
        person_id = new_id()
        contact = Contact(person_id, f"{name}@example.org", name.title(), zone, "en")
        self.directory.add(contact, *roles)
        return person_id

    def kinds_of(self, person_id: UUID) -> list[str]:
        """The kinds of a person's notifications."""
        known = self.notifications.notifications.items()
        return [kind for (whose, _), (kind, _) in known if whose == person_id]

    async def notify(self, notice: Notify) -> None:
        """As a worker does it."""
        await ActivityEnvironment().run(self.activities.notify, notice)


def notice(occasion: Occasion, audience: Audience, **more: object) -> Notify:
    """Something to tell, about one attempt."""
    known = {"key": "1", "attempt_id": UUID(int=7), "exam_id": EXAM, "at": BEGIN}
    return Notify.model_validate({**known, "occasion": occasion, "audience": audience, **more})
