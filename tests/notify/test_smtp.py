"""Mails through a real SMTP server on loopback, and what its answers lead to."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from activities.adapters.smtp import SmtpSender
from schema.failures import Failure, FailureType
from schema.notice import Audience, Occasion
from tests.notify.desk import Desk, notice


class Postbox:
    """An SMTP handler that keeps mails; `answers` are given to RCPT or DATA before it takes anything."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.seen: list[str] = []
        self.rcpt_answers: dict[str, list[str]] = {}
        self.data_answers: list[str] = []
        self.hang = False

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        waiting = self.rcpt_answers.get(address)
        if waiting:
            return waiting.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)
        self.seen.append(str(mail["Message-ID"]))
        if self.hang:
            await asyncio.sleep(30)
        if self.data_answers:
            return self.data_answers.pop(0)
        self.mails.append(mail)
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def server(postbox: Postbox) -> Iterator[Controller]:
    running = Controller(postbox, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def desk(server: Controller) -> Desk:
    return Desk(SmtpSender("127.0.0.1", server.port, timeout_seconds=60))


async def test_a_mail_arrives_whole(desk: Desk, postbox: Postbox) -> None:
    student = desk.person("ada")

    await desk.notify(notice(Occasion.RELEASED, Audience.STUDENT, person_id=student))

    mail = postbox.mails[0]
    assert mail["To"] == "Ada <ada@example.org>"
    assert mail["Subject"] == "Your result for Biology is there"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("where", ["rcpt", "data"])
async def test_a_passing_refusal_is_retried_with_the_same_message_id(
    desk: Desk, postbox: Postbox, where: str
) -> None:
    ada, bob = desk.person("ada", "grader"), desk.person("bob", "grader")
    if where == "rcpt":
        postbox.rcpt_answers["ada@example.org"] = ["451 greylisted, come back"]
    else:
        postbox.data_answers = ["452 disk full", "452 disk full"]
    told = notice(Occasion.REVIEW_WAITING, Audience.GRADERS)

    with pytest.raises(Failure) as raised:
        await desk.notify(told)
    desk.clock.move(timedelta(seconds=2))
    await desk.notify(told)

    assert raised.value.type is FailureType.UNAVAILABLE
    assert sorted(str(mail["To"]) for mail in postbox.mails) == [
        "Ada <ada@example.org>",
        "Bob <bob@example.org>",
    ]
    assert len(set(postbox.seen)) == 2
    assert len(desk.kinds_of(ada)) == len(desk.kinds_of(bob)) == 1


@pytest.mark.parametrize("where", ["rcpt", "data"])
async def test_a_final_refusal_is_recorded_and_over(desk: Desk, postbox: Postbox, where: str) -> None:
    student = desk.person("ada")
    if where == "rcpt":
        postbox.rcpt_answers["ada@example.org"] = ["550 no such mailbox"]
    else:
        postbox.data_answers = ["554 no thanks"]
    told = notice(Occasion.RELEASED, Audience.STUDENT, person_id=student)

    await desk.notify(told)
    await desk.notify(told)

    assert postbox.mails == []
    (trouble,) = desk.mails.troubles.values()
    assert trouble in {
        "the mail server refused the mail: 550 no such mailbox",
        "the mail server refused the mail: 554 no thanks",
    }


async def test_a_server_that_is_away_is_tried_again(postbox: Postbox) -> None:
    desk = Desk(SmtpSender("127.0.0.1", free_port(), timeout_seconds=60))
    student = desk.person("ada")

    with pytest.raises(Failure) as raised:
        await desk.notify(notice(Occasion.RELEASED, Audience.STUDENT, person_id=student))

    assert raised.value.is_retryable
    assert next(iter(desk.mails.troubles.values())).startswith("the mail server does not take mail now")


async def test_a_server_that_hangs_is_tried_again(postbox: Postbox, server: Controller) -> None:
    desk = Desk(SmtpSender("127.0.0.1", server.port, timeout_seconds=0.3))
    student = desk.person("ada")
    postbox.hang = True

    with pytest.raises(Failure) as raised:
        await desk.notify(notice(Occasion.RELEASED, Audience.STUDENT, person_id=student))

    assert raised.value.is_retryable
