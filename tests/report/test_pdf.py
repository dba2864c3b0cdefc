"""The report as a reader sees it: parsed back from the PDF."""

import dataclasses
from io import BytesIO

from pypdf import PdfReader

from activities.adapters.pdf import PdfReport
from schema.coverage.figure import CoverageCause, MissingFrames, Party, WatchCoverage
from schema.dossier import MOST_PICTURES, Dossier
from schema.incident import IncidentKind
from tests.report.builder import incident, jpeg, minute, never_sat, sat


def read(document: bytes) -> PdfReader:
    return PdfReader(BytesIO(document))


def text_of(document: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in read(document).pages)


def pictures_in(document: bytes) -> int:
    return sum(len(page.images) for page in read(document).pages)


def printed(dossier: Dossier) -> bytes:
    return PdfReport().print(dossier, {20: jpeg(60), 40: jpeg(200)}, jpeg(90))


def test_the_report_says_who_what_and_how_it_ended() -> None:
    dossier = sat()

    text = text_of(printed(dossier))

    for words in (
        "Report: Biology & <life>", "Łucja Żółć", "S-2027-1", str(dossier.attempt_id), "handed in",
        "Europe/Warsaw", "2027-01-11 10:00:00 +01:00", "2.5 of 4 points, 62.5 %, passed", "cleared by a reviewer",
    ):  # fmt: skip
        assert words in text


def test_the_report_tells_what_happened_and_by_whom() -> None:
    text = text_of(printed(sat()))

    for words in ("The student was let in", "More time was given proctor Fire drill", "handed in timer"):
        assert words in text


def test_the_report_keeps_what_was_said_by_role() -> None:
    text = text_of(printed(sat()))

    for words in ("student My sister came in & left <again>.", "proctor Thank you for saying so."):
        assert words in text
    assert "Messages" not in text_of(printed(never_sat()))


def test_the_report_shows_incidents_with_rule_ruling_and_pictures() -> None:
    document = printed(sat())
    text = text_of(document)

    for words in (
        "More than one person in the picture: critical", "multiple_faces", "0.93", "face_absent in 2 of 3 frames",
        "explained. A sibling walked in.", "not ruled on", "No picture of this moment is kept.",
    ):  # fmt: skip
        assert words in text
    assert pictures_in(document) == 3  # two of evidence and the identity photo
    assert "face 0.93" in text  # the box that is drawn over the picture


def test_the_report_shows_marks_decisions_and_versions() -> None:
    text = text_of(printed(sat()))

    for words in (
        "Cells 1.5 of 2 points You chose “A”. automatic", "Argument: Clear.", "Read the question again.",
        "Incidents, round 1 reviewer", "cleared. A sibling walked in.", "version 3", "rules-1", "yolo11n@3c4d",
    ):  # fmt: skip
        assert words in text


def test_an_attempt_without_a_sitting_is_said_in_words() -> None:
    text = text_of(PdfReport().print(never_sat(), {}, None))

    for words in (
        "not begun in time", "No identity photo is kept.", "None was recorded.", "Nothing was marked.",
        "Nobody had to decide anything.", "nothing was analysed", "Student number none", "not marked",
    ):  # fmt: skip
        assert words in text


def test_deleted_pictures_are_said_in_words() -> None:
    dossier = dataclasses.replace(sat(), pictures_deleted_at=minute(60 * 24 * 30))

    document = PdfReport().print(dossier, {}, None)

    assert "The picture was deleted on 2027-02-10 10:00:00 +01:00." in text_of(document)
    assert pictures_in(document) == 0


def test_a_broken_picture_is_said_in_words() -> None:
    text = text_of(PdfReport().print(sat(), {20: b"no jpeg", 40: jpeg()[:50]}, b""))

    assert text.count("The picture cannot be read.") == 2
    assert "No identity photo is kept." in text


def test_the_gravest_incidents_get_the_pictures() -> None:
    many = tuple(
        incident(IncidentKind.PASTE, minute(number), 1000 + number * 3) for number in range(MOST_PICTURES)
    )
    dossier = dataclasses.replace(
        sat(), incidents=(*many, incident(IncidentKind.WEBCAM_DISABLED, minute(99), 20))
    )

    assert len(dossier.shown_offsets) == MOST_PICTURES
    assert dossier.shown_offsets[:3] == (19, 20, 21)
    assert "is left out: this report shows those of the gravest" in text_of(
        PdfReport().print(dossier, {}, None)
    )


def test_letters_of_many_scripts_are_readable() -> None:
    text = text_of(PdfReport().print(sat("Ελένη Иван 李明 ひろ 김"), {}, None))

    assert "Ελένη Иван 李明 ひろ 김" in text


def test_pages_are_numbered_and_headings_make_an_outline() -> None:
    reader = read(printed(sat()))
    last = reader.pages[-1].extract_text()
    outlined = [entry.title for entry in reader.outline if not isinstance(entry, list)]

    assert f"Page {len(reader.pages)} of {len(reader.pages)}" in last
    assert outlined == ["What happened", "Messages", "Incidents", "Marks", "Decisions", "Versions"]
    assert reader.pages[0].mediabox[2:] == [595.2756, 841.8898]
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Report: Biology & <life>")
    assert str(reader.root_object["/Lang"]) == "en"


def test_the_same_dossier_prints_the_same_bytes() -> None:
    dossier = sat()

    assert printed(dossier) == printed(dossier)


def test_the_report_says_how_much_was_watched_and_why_not_all() -> None:
    missing = MissingFrames(
        cause=CoverageCause.SERVER, party=Party.PLATFORM, is_technical=True, frames=540, seconds=540
    )
    coverage = WatchCoverage(
        due=3600, sent=3060, analysed=3060, percent=85, minimum=90, is_short=True, missing=(missing,)
    )

    text = text_of(printed(dataclasses.replace(sat(), coverage=coverage)))

    assert "85 % (90 % is asked for): 3600 pictures were due, 3060 sent, 3060 analysed." in text
    assert "technical: the platform did not serve (its own fault), 540 s" in text
    assert "Watched not measured" in text_of(printed(never_sat()))


def test_the_report_says_which_rules_could_not_be_judged_in_time() -> None:
    first, second = sat().incidents
    late = dataclasses.replace(first, late_seconds=75.0)

    text = text_of(printed(dataclasses.replace(sat(), incidents=(late, second))))

    assert "Found 75 s after its picture: the rule could not be judged in time" in text
    assert "Found in time" in text
