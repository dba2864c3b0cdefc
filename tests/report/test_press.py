"""Reports and tables as objects of the lake."""

import dataclasses
from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.adapters.memory.dossier_source import MemoryDossierSource
from activities.adapters.memory.feed import MemoryRecordFeed
from activities.adapters.memory.object_store import MemoryObjectStore
from activities.adapters.pdf import PdfReport
from activities.adapters.results import CsvTables
from activities.press import DOSSIER, Press
from activities.report import ReportActivities
from schema.archive import dossier_name, report_without_answers
from schema.dossier import Dossier
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.record import Record, RecordKind
from schema.task import ReportWritten, WriteReport
from tests.report.builder import BEGIN, ENDED, frame, jpeg, minute, never_sat, sat
from tests.report.test_pdf import pictures_in, text_of


class Desk:
    """A press over in-memory twins, with the real printers."""

    def __init__(self) -> None:
        self.source = MemoryDossierSource()
        self.feed = MemoryRecordFeed()
        self.store = MemoryObjectStore()
        self.press = Press(self.source, self.feed, self.store, PdfReport(), CsvTables())

    async def write(self, dossier: Dossier) -> ReportWritten:
        activities = ReportActivities(self.press)
        request = WriteReport(
            attempt_id=dossier.attempt_id,
            exam_id=dossier.exam_id,
            exam_version=dossier.exam_version,
            student_id=dossier.student_id,
            phase=dossier.phase,
            round_number=1,
            finished_at=ENDED,
        )
        return await ActivityEnvironment().run(activities.write_report, request)

    async def names(self) -> list[str]:
        return [found.name for found in await self.store.list("")]


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_report_and_tables_stand_where_the_lake_wants_them(desk: Desk) -> None:
    dossier = sat()
    desk.source.add(dossier)
    desk.feed.add(dossier.attempt_id, frame(20), frame(40, 200))

    written = await desk.write(dossier)

    assert written.report_name == f"archive/2027/01/{dossier.attempt_id}/report.pdf"
    assert written.results_name == f"processed/grading_results/2027/01/{dossier.attempt_id}.csv"
    assert written.anomalies_name == f"processed/anomaly_reports/2027/01/{dossier.attempt_id}.csv"
    assert not any(":" in name for name in await desk.names())
    document = await desk.store.get(written.report_name)
    assert pictures_in(document) == 2
    assert b"Cells,1.50,2" in await desk.store.get(written.results_name)
    assert b"face_absent" in await desk.store.get(written.anomalies_name)


async def test_writing_again_replaces_the_same_objects(desk: Desk) -> None:
    dossier = sat()
    desk.source.add(dossier)
    written = await desk.write(dossier)
    names, first = await desk.names(), await desk.store.get(written.report_name)

    again = await desk.write(dossier)

    assert again == written
    assert await desk.names() == names
    assert await desk.store.get(written.report_name) == first


async def test_the_identity_photo_is_shown_where_it_is_kept(desk: Desk) -> None:
    dossier = dataclasses.replace(sat(), identity_photo="raw/identity/photo.jpg")
    desk.source.add(dossier)
    await desk.store.put("raw/identity/photo.jpg", jpeg())

    document = await desk.store.get((await desk.write(dossier)).report_name)

    assert pictures_in(document) == 1
    assert "Identity photo" in text_of(document)


async def test_missing_pictures_are_no_error(desk: Desk) -> None:
    dossier = dataclasses.replace(sat(), identity_photo="raw/identity/gone.jpg")
    desk.source.add(dossier)
    event = Record(20, RecordKind.BROWSER_EVENT, new_id(), 1, BEGIN, BEGIN, b"{}")
    desk.feed.add(dossier.attempt_id, event)

    document = await desk.store.get((await desk.write(dossier)).report_name)

    assert pictures_in(document) == 0
    assert text_of(document).count("No picture of this moment is kept.") == 6
    assert "No identity photo is kept." in text_of(document)


async def test_an_attempt_without_a_sitting_has_a_report_and_no_tables(desk: Desk) -> None:
    dossier = never_sat()
    desk.source.add(dossier)

    written = await desk.write(dossier)

    assert (written.results_name, written.anomalies_name) == ("", "")
    assert "not begun in time" in text_of(await desk.store.get(written.report_name))


async def test_an_unknown_attempt_has_no_report(desk: Desk) -> None:
    with pytest.raises(Failure) as raised:
        await desk.write(sat())

    assert raised.value.type is FailureType.NOT_FOUND
    assert await desk.names() == []


async def test_without_its_pictures_a_report_says_when_they_went(desk: Desk) -> None:
    dossier = sat()
    desk.source.add(dossier)
    desk.feed.add(dossier.attempt_id, frame(20))
    written = await desk.write(dossier)
    at = minute(0) + timedelta(days=30)

    assert await desk.press.print_without_pictures(dossier.attempt_id, ENDED, at)
    assert await desk.press.print_without_pictures(dossier.attempt_id, ENDED, at + timedelta(days=1))

    document = await desk.store.get(written.report_name)
    assert pictures_in(document) == 0
    assert "The picture was deleted on 2027-02-10 10:00:00 +01:00." in text_of(document)
    assert "Cells" in text_of(document)


async def test_holds_stand_in_the_dossier_and_not_in_what_the_student_reads(desk: Desk) -> None:
    dossier = sat()
    first, later = dossier.holds
    desk.source.add(dataclasses.replace(dossier, holds=(first,)))

    written = await desk.write(dossier)
    at_first = DOSSIER.validate_json(await desk.store.get(dossier_name(dossier.attempt_id, ENDED)))
    desk.source.add(dossier)
    await desk.press.print_without_pictures(dossier.attempt_id, ENDED, minute(500))
    at_last = DOSSIER.validate_json(await desk.store.get(dossier_name(dossier.attempt_id, ENDED)))

    assert (at_first.holds, at_last.holds) == ((first,), (first, later))
    report = text_of(await desk.store.get(written.report_name))
    assert not [said for said in (first.reason, first.release_reason, later.reason) if said in report]


async def test_without_a_report_there_is_nothing_to_print_again(desk: Desk) -> None:
    assert not await desk.press.print_without_pictures(new_id(), ENDED, ENDED)
    assert await desk.names() == []


async def test_beside_the_report_is_one_without_right_answers(desk: Desk) -> None:
    dossier = sat()
    desk.source.add(dossier)
    desk.feed.add(dossier.attempt_id, frame(20), frame(40, 200))

    written = await desk.write(dossier)
    document = await desk.store.get(report_without_answers(written.report_name))

    whole, text = text_of(await desk.store.get(written.report_name)), text_of(document)
    explained = [word for item in dossier.items for word in (item.explanation, *item.comments) if word]
    assert explained
    assert all(word.split("\n")[0] in whole and word.split("\n")[0] not in text for word in explained)
    assert "stand in the result" in text
    assert pictures_in(document) == 2
