"""Every occasion in words: nothing undefined, whatever facts are missing or malicious, in every language there is."""

import re
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest

from activities.adapters.template.catalogue import FOLDER, Catalogue, Reader, language_file
from activities.adapters.template.phrase import Phrase
from activities.adapters.template.writer import TemplateWriter
from activities.occasion import FACTS, SHARED_FACTS
from activities.ports import Contact, Mail
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.notice import Occasion

AT = "2027-07-01T08:30:00+00:00"
EVERY = tuple(Occasion)


def full(occasion: Occasion) -> dict[str, str]:
    """A value for every fact."""
    facts = {name: f"<{name}>" for name in {**SHARED_FACTS, **FACTS[occasion]}}
    return {name: AT if name.endswith(("_at", "_until", "_since")) else fact for name, fact in facts.items()}


def written(
    occasion: str, facts: dict[str, str], email: str = "ada@example.org", name: str = "Ada"
) -> EmailMessage:
    writer = TemplateWriter("ProctorWise <no-reply@proctorwise.example>", "http://localhost:8000")
    mail = Mail(new_id(), "<1@proctorwise.example>", new_id(), occasion, facts, is_sent=False)
    return writer.write(mail, Contact(new_id(), email, name, "Europe/Vienna", "en"))


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


class Tags(HTMLParser):
    """Collects tags, links and text of a page; refuses what loads something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("occasion", EVERY)
@pytest.mark.parametrize("is_complete", [True, False])
def test_every_occasion_has_words(occasion: Occasion, is_complete: bool) -> None:
    mail = written(occasion, full(occasion) if is_complete else {})
    text, page = part(mail, "plain"), Tags(part(mail, "html"))

    assert mail["Subject"]
    assert "Hello Ada," in text
    for said in (text, page.text, str(mail["Subject"])):
        assert not re.search(r"Undefined|None|\{\{|\{%|  \.| ,", said)
    assert page.tags.count("h1") == 1
    assert {"img", "script", "link", "iframe"}.isdisjoint(page.tags)
    assert all(link.startswith("http://localhost:8000/") for link in page.links)
    assert len(max(text.splitlines(), key=len)) <= 200


@pytest.mark.parametrize("occasion", EVERY)
def test_markup_in_facts_stays_text(occasion: Occasion) -> None:
    evil = dict.fromkeys(full(occasion), "<script>alert(1)</script>")
    mail = written(occasion, evil, name="<b>Ada</b>")

    assert "script" not in Tags(part(mail, "html")).tags
    assert "b" not in Tags(part(mail, "html")).tags
    assert "Hello <b>Ada</b>," in part(mail, "plain")


@pytest.mark.parametrize("occasion", EVERY)
def test_every_notification_is_one_sentence_or_two(occasion: Occasion) -> None:
    catalogue = Catalogue("http://localhost:8000")

    for facts in ({}, full(occasion)):
        text, link = catalogue.sentence(occasion, facts, Reader("Ada", "UTC", "en"))
        assert text.endswith((".", ">"))
        assert link.startswith("/")


def test_a_subject_cannot_smuggle_headers() -> None:
    mail = written("reserved", {"exam": "Biology\r\nBcc: eve@example.org"})

    assert mail["Bcc"] is None
    assert mail["Subject"] == "Your seat for Biology Bcc: eve@example.org is reserved"


def test_headers_say_that_nobody_wrote_it() -> None:
    mail = written("reserved", {})

    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == "<1@proctorwise.example>"
    assert mail["List-Id"] == "ProctorWise notices <notices.proctorwise.example>"
    assert mail["Content-Language"] == "en"
    assert [found.get_content_type() for found in mail.iter_parts()] == ["text/plain", "text/html"]


def test_an_international_domain_is_written_in_ascii() -> None:
    assert written("reserved", {}, email="ada@exämple.org")["To"] == "Ada <ada@xn--exmple-cua.org>"


@pytest.mark.parametrize("email", ["", "no address", "ä@example.org", "a@b@c.org"])
def test_an_address_that_cannot_be_is_refused(email: str) -> None:
    with pytest.raises(Failure) as raised:
        written("reserved", {}, email=email)

    assert raised.value.type is FailureType.INVALID


def test_every_catalogue_knows_the_same() -> None:
    english = language_file("en")
    for path in FOLDER.glob("*.toml"):
        other = language_file(path.stem)
        assert other["language"].keys() == english["language"].keys()
        assert other["words"].keys() == english["words"].keys()
        for occasion in Occasion:
            assert other["occasion"][occasion].keys() == english["occasion"][occasion].keys()
    assert set(english["occasion"]) == {occasion.value for occasion in Occasion}


@pytest.mark.parametrize("language", ["en-GB", "EN", "xx", "../en", ""])
def test_an_unknown_language_reads_english(language: str) -> None:
    assert language_file(language)["language"]["tag"] == "en"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Vienna", "Thursday 1 July 2027 at 10:30 (Europe/Vienna, UTC+02:00)"),
        ("America/St_Johns", "Thursday 1 July 2027 at 06:00 (America/St_Johns, UTC-02:30)"),
        ("Mars/Olympus", "Thursday 1 July 2027 at 08:30 (UTC)"),
    ],
)
def test_times_are_the_readers(zone: str, said: str) -> None:
    assert phrase(zone).when(AT) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ("0", "0 seconds"),
        ("1", "1 second"),
        ("120", "2 minutes"),
        ("5400", "1 hour and 30 minutes"),
        ("93784", "1 day and 2 hours"),
        ("soon", "soon"),
    ],
)
def test_spans_are_said_in_words(seconds: str, said: str) -> None:
    assert phrase("UTC").span(seconds) == said


def phrase(zone: str) -> Phrase:
    pages = language_file("en")
    return Phrase(pages["language"], pages["words"], zone)


def test_the_page_on_notifications_lists_every_fact() -> None:
    page = (FOLDER.parents[2] / "docs" / "notifications.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}

    assert rows.keys() == {occasion.value for occasion in Occasion}
    for occasion, facts in FACTS.items():
        assert all(f"`{fact}`" in rows[occasion] for fact in facts)
