"""The bell: a person's own notifications, and in development the mails that were written."""

from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI

from activities.adapters.eml import EmlSender
from activities.adapters.sql.notification_book import SqlNotificationBook
from activities.adapters.template.writer import TemplateWriter
from activities.ports import Contact, Mail
from api.app import create_app
from api.password import Passwords
from schema.db.session import Databases
from schema.ids import new_id
from schema.role import Role
from schema.settings import Part, Settings
from tests.api.house import House, MovableClock, Someone

BELL = "/api/notifications"
EXAM_FACTS = {"exam": "Geography", "attempt_id": "a1"}


@pytest.fixture
def app(settings: Settings, databases: Databases, clock: MovableClock) -> FastAPI:
    parts = frozenset({Part.NOTIFICATIONS})
    return create_app(settings, parts, databases=databases, passwords=Passwords(rounds=4), clock=clock)


async def tell(house: House, person: Someone, *kinds: str) -> None:
    book = SqlNotificationBook(house.context.databases.notifications, house.clock)
    for kind in kinds:
        house.clock.move(timedelta(seconds=1))
        await book.add(person.person_id, f"x/{kind}", kind, EXAM_FACTS)


async def test_the_newest_stand_first_in_words(house: House) -> None:
    ada = await house.person(Role.STUDENT)
    await tell(house, ada, "reserved", "submitted")

    page = (await house.client.get(BELL, headers=ada.headers)).json()

    assert [item["kind"] for item in page["items"]] == ["submitted", "reserved"]
    assert page["items"][0]["text"] == "Your answers to Geography are handed in."
    assert page["items"][0]["link"] == "/attempts/a1"
    assert page["items"][0]["read_at"] is None
    assert page["next_cursor"] is None


async def test_pages_follow_each_other(house: House) -> None:
    ada = await house.person(Role.STUDENT)
    await tell(house, ada, "reserved", "admitted", "submitted")

    first = (await house.client.get(f"{BELL}?limit=2", headers=ada.headers)).json()
    next_page = {"limit": 2, "cursor": first["next_cursor"]}
    second = (await house.client.get(BELL, params=next_page, headers=ada.headers)).json()

    kinds = [item["kind"] for item in [*first["items"], *second["items"]]]
    assert kinds == ["submitted", "admitted", "reserved"]


async def test_reading_one_and_all(house: House) -> None:
    ada = await house.person(Role.STUDENT)
    await tell(house, ada, "reserved", "admitted", "submitted")
    items = (await house.client.get(BELL, headers=ada.headers)).json()["items"]
    one = f"{BELL}/{items[0]['notification_id']}/read"

    marked = [(await house.client.put(one, headers=ada.headers)).json()["marked"] for _ in range(2)]
    unread = (await house.client.get(f"{BELL}?unread=true", headers=ada.headers)).json()["items"]
    rest = (await house.client.put(f"{BELL}/read", headers=ada.headers)).json()

    assert marked == [1, 0]
    assert [item["kind"] for item in unread] == ["admitted", "reserved"]
    assert rest == {"marked": 2}
    assert (await house.client.get(f"{BELL}/unread", headers=ada.headers)).json() == {"unread": 0}


async def test_somebody_elses_notifications_do_not_exist(house: House) -> None:
    ada, bob = await house.person(Role.STUDENT), await house.person(Role.ADMIN)
    await tell(house, ada, "reserved")
    (item,) = (await house.client.get(BELL, headers=ada.headers)).json()["items"]

    answer = await house.client.put(f"{BELL}/{item['notification_id']}/read", headers=bob.headers)

    assert answer.status_code == 404
    assert (await house.client.get(BELL, headers=bob.headers)).json()["items"] == []
    assert (await house.client.get(f"{BELL}/unread", headers=ada.headers)).json() == {"unread": 1}


@pytest.mark.parametrize("path", ["", "/unread", "/outbox"])
async def test_nobody_reads_without_signing_in(house: House, path: str) -> None:
    assert (await house.client.get(f"{BELL}{path}")).status_code == 401


async def written_mail(house: House) -> UUID:
    """A mail in the mock outbox."""
    mail = Mail(new_id(), "", new_id(), "reset_password", {"token": "abc"}, is_sent=False)
    message_id = f"<{mail.mail_id}@proctorwise.example>"
    contact = Contact(mail.person_id, "ada@example.org", "Ada", "UTC", "en")
    mail = Mail(mail.mail_id, message_id, mail.person_id, mail.template, mail.facts, is_sent=False)
    writer = TemplateWriter("ProctorWise <no-reply@proctorwise.example>", "http://localhost:8000")
    await EmlSender(house.context.settings.outbox_dir).send(writer.write(mail, contact))
    return mail.mail_id


async def test_an_admin_sees_the_mails_of_development(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    mail_id = await written_mail(house)

    (listed,) = (await house.client.get(f"{BELL}/outbox", headers=admin.headers)).json()
    shown = (await house.client.get(f"{BELL}/outbox/{mail_id}", headers=admin.headers)).json()

    assert (listed["mail_id"], listed["subject"]) == (str(mail_id), "Set a new password")
    assert listed["to"] == "Ada <ada@example.org>"
    assert "http://localhost:8000/reset-password?token=abc" in shown["text"]
    assert shown["html"].startswith("<!DOCTYPE html>")
    assert shown["headers"]["Message-ID"] == f"<{mail_id}@proctorwise.example>"


async def test_an_empty_outbox_and_an_unknown_mail(house: House) -> None:
    admin = await house.person(Role.ADMIN)

    assert (await house.client.get(f"{BELL}/outbox", headers=admin.headers)).json() == []
    assert (await house.client.get(f"{BELL}/outbox/{new_id()}", headers=admin.headers)).status_code == 404


async def test_mails_hold_links_that_open_accounts_so_only_admins_see_them(house: House) -> None:
    student = await house.person(Role.STUDENT)

    assert (await house.client.get(f"{BELL}/outbox", headers=student.headers)).status_code == 403


class TestWhereMailIsReallySent:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"use_mock_senders": False})

    async def test_there_is_no_outbox(self, house: House) -> None:
        admin = await house.person(Role.ADMIN)

        assert (await house.client.get(f"{BELL}/outbox", headers=admin.headers)).status_code == 404
