"""Writes a mail: subject, text and HTML from the catalogue, and the headers of automatic mail."""

from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from activities.adapters.template.catalogue import FOLDER, Catalogue, Reader, Words
from activities.ports import Contact, Mail
from schema.failures import Failure, FailureType
from schema.name import is_shown


class TemplateWriter:
    """A MailWriter over the catalogue. No pictures, no tracking, links to `public_url` only."""

    def __init__(self, sender: str, public_url: str) -> None:
        self._sender = sender
        self._domain = parseaddr(sender)[1].partition("@")[2] or "localhost"
        self._catalogue = Catalogue(public_url)
        loader = FileSystemLoader(FOLDER)
        self._text = Environment(loader=loader, undefined=StrictUndefined, autoescape=False)  # noqa: S701 - plain text
        self._html = Environment(loader=loader, undefined=StrictUndefined, autoescape=True)

    def write(self, mail: Mail, contact: Contact) -> EmailMessage:
        """Multipart of text and HTML. Raises INVALID for an address that cannot be written into a header."""
        reader = Reader(name_for(contact), contact.time_zone, contact.language)
        plain = self._catalogue.mail(mail.template, mail.facts, reader, is_html=False)
        rich = self._catalogue.mail(mail.template, mail.facts, reader, is_html=True)
        message = EmailMessage(policy=SMTP)
        self._head(message, mail, contact, plain)
        message.set_content(self._text.get_template("mail.txt.j2").render(fields(plain)))
        message.add_alternative(self._html.get_template("mail.html.j2").render(fields(rich)), subtype="html")
        message["Content-Language"] = plain.tag  # set_content would take it off again
        return message

    def _head(self, message: EmailMessage, mail: Mail, contact: Contact, words: Words) -> None:
        message["From"] = self._sender
        message["To"] = address_of(contact)
        message["Subject"] = words.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = mail.message_id
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers to it
        message["X-Auto-Response-Suppress"] = "All"
        message["List-Id"] = f"ProctorWise notices <notices.{self._domain}>"


def name_for(contact: Contact) -> str:
    """In one line; nothing for an address that nobody confirmed: our mail carries no stranger's words to it."""
    shown = "".join(letter for letter in contact.display_name if letter.isspace() or is_shown(letter))
    return " ".join(shown.split()) if contact.is_confirmed else ""


def address_of(contact: Contact) -> Address:
    """The person's name and address as a header takes them."""
    name = name_for(contact)
    local, _, domain = contact.email.rpartition("@")
    try:
        return Address(name, addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except (HeaderParseError, ValueError, IndexError) as trouble:
        what = f"the address of person {contact.person_id} cannot be written to"
        raise Failure(FailureType.INVALID, what) from trouble


def fields(words: Words) -> dict[str, object]:
    """The words as they are: a deep copy would lose that they are escaped already."""
    return {name: getattr(words, name) for name in words.__slots__}
