"""Where the demo's people read their mail: an SMTP server of their own, a server's Maildir, or the product's outbox."""

import asyncio
import mailbox as boxes
import re
import socket
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from api.demo.person import Person

TOKEN = re.compile(r"token=([\w-]+)")
READY_WITHIN = 60.0  # seconds; the usual five may be too few for a busy machine


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that arrived."""

    to: str
    subject: str
    message_id: str
    text: str


class Mailbox(Protocol):
    """Reads what arrived; `kind` says in words where."""

    kind: str

    async def letters(self, address: str) -> list[Letter]:
        """All mails to an address so far."""


class SmtpMailbox:
    """A real SMTP server on loopback; close it at the end."""

    kind = "a real SMTP server"

    def __init__(self) -> None:
        self._letters: list[Letter] = []
        self.port = _free_port()
        self._server = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=READY_WITHIN)
        self._server.start()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by the server for each mail."""
        content = envelope.content
        mail = message_from_bytes(content if isinstance(content, bytes) else b"", policy=policy.default)
        self._letters += [_letter(mail, address) for address in envelope.rcpt_tos]
        return "250 Message accepted for delivery"

    @property
    def taken(self) -> list[Letter]:
        """All mails so far, one for each receiver."""
        return list(self._letters)

    async def letters(self, address: str) -> list[Letter]:
        """All mails to an address so far."""
        return [letter for letter in self._letters if letter.to == address]

    def close(self) -> None:
        """Stop listening."""
        self._server.stop()


class MaildirMailbox:
    """The Maildir in which a mail server that runs already keeps what it is sent."""

    kind = "a mail server's Maildir"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def letters(self, address: str) -> list[Letter]:
        """All mails to an address so far."""
        return await asyncio.to_thread(self._read, address)

    def _read(self, address: str) -> list[Letter]:
        box = boxes.Maildir(self._folder, factory=None, create=False)
        kept = (message_from_bytes(box.get_bytes(key), policy=policy.default) for key in box.iterkeys())
        return [_letter(mail, address) for mail in kept if address in str(mail["to"])]


class OutboxMailbox:
    """The .eml files that a product with mock senders writes, read through its API by an admin."""

    kind = "the product's .eml outbox"

    def __init__(self, admin: Person) -> None:
        self._admin = admin

    async def letters(self, address: str) -> list[Letter]:
        """All mails to an address so far."""
        written = await self._admin.get("/api/notifications/outbox")
        ours = [mail["mail_id"] for mail in written if address in mail["to"]]
        shown = [await self._admin.get(f"/api/notifications/outbox/{mail_id}") for mail_id in ours]
        return [_shown(mail, address) for mail in shown]


async def awaited(mailbox: Mailbox, address: str, word: str, within: float = 60.0) -> Letter:
    """The first mail to this address whose subject has the word. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while True:
            for letter in await mailbox.letters(address):
                if word.lower() in letter.subject.lower():
                    return letter
            await asyncio.sleep(0.3)


def token_in(letter: Letter) -> str:
    """The token of the link in a mail. Raises ValueError when there is none."""
    found = TOKEN.search(letter.text)
    if found is None:
        raise ValueError(f"the mail {letter.subject!r} has no link with a token")
    return found.group(1)


def _letter(mail: EmailMessage, address: str) -> Letter:
    body = mail.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    return Letter(address, str(mail["subject"]), str(mail["message-id"]), text)


def _shown(mail: dict[str, Any], address: str) -> Letter:
    headers = {name.lower(): value for name, value in mail["headers"].items()}
    return Letter(address, mail["subject"], headers.get("message-id", ""), mail["text"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
