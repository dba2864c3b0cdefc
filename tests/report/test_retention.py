"""Histories, deletion and receipts over local files and real databases."""

import gzip
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from temporalio.testing import ActivityEnvironment

from activities.adapters.files import FileStore
from activities.adapters.memory.feed import MemoryRecordFeed
from activities.adapters.pdf import PdfReport
from activities.adapters.results import CsvTables
from activities.adapters.sql.data_purge import data_purges_of
from activities.adapters.sql.dossier import SqlDossierSource
from activities.adapters.sql.object_index import SqlObjectIndex
from activities.press import Press
from activities.retention import RetentionActivities
from schema.archive import receipt_name, report_name
from schema.db.session import Databases
from schema.db.tables.corrections import ItemMarkRow
from schema.db.tables.monitoring import EvidenceRow, IncidentRow, SegmentRow
from schema.db.tables.reservations import AttemptRow
from schema.dossier import Dossier
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.recording.task import recording_folder, recording_name
from schema.retention import DataClass, DataDeleted, DeleteData, ExportHistories, WriteReceipt
from schema.task import WriteReport
from tests.report import rows
from tests.report.builder import BEGIN, ENDED, frame, jpeg, sat
from tests.report.test_pdf import pictures_in


class Histories:
    """A HistorySource over what tests put in; one that is open refuses."""

    def __init__(self) -> None:
        self.runs: dict[str, list[tuple[str, bytes]]] = {}
        self.is_open = False

    async def export(self, workflow_id: str) -> Sequence[tuple[str, bytes]]:
        if self.is_open:
            raise Failure(FailureType.UNAVAILABLE, f"{workflow_id} is still open")
        if workflow_id not in self.runs:
            raise Failure(FailureType.NOT_FOUND, f"there is no {workflow_id}")
        return self.runs[workflow_id]


class Keeper:
    """Retention over files below a folder and over SQLite."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self.databases = databases
        self.folder = folder
        self.store = FileStore(folder)
        self.feed = MemoryRecordFeed()
        self.histories = Histories()
        self.press = Press(SqlDossierSource(databases), self.feed, self.store, PdfReport(), CsvTables())
        self.activities = RetentionActivities(
            self.histories, data_purges_of(databases), SqlObjectIndex(databases), self.store, self.press
        )
        self.dossier: Dossier

    async def archive(self) -> None:
        """An attempt with rows, frames, an identity photo and a report."""
        self.dossier = sat()
        attempt_id = self.dossier.attempt_id
        await rows.write(self.databases, self.dossier)
        self.feed.add(attempt_id, frame(20))
        await self._store_media()
        request = WriteReport(
            attempt_id=attempt_id,
            exam_id=self.dossier.exam_id,
            exam_version=3,
            student_id=self.dossier.student_id,
            phase="submitted",
            round_number=1,
            finished_at=ENDED,
        )
        await self.press.print(request)

    async def _store_media(self) -> None:
        attempt_id = self.dossier.attempt_id
        photo = f"raw/identity/{attempt_id}/photo.jpg"
        await self.store.put(f"raw/frames/2027/01/11/{attempt_id}/1-50.pack", b"frames")
        await self.store.put(f"raw/frames/2027/01/11/{attempt_id}/51-90.pack", b"not written down")
        await self.store.put(f"raw/frames/2027/01/11/{new_id()}/1-50.pack", b"somebody else's")
        await self.store.put(photo, jpeg(30))
        await self.store.put(recording_name(self.dossier.exam_id, attempt_id), b"film")
        segment = SegmentRow(
            segment_id=new_id(), attempt_id=attempt_id, node_id="n", state="uploaded", first_offset=1,
            object_name=f"raw/frames/2027/01/11/{attempt_id}/1-50.pack", created_at=BEGIN,
        )  # fmt: skip
        async with self.databases.monitoring.write() as session:
            session.add(segment)
        async with self.databases.reservations.write() as session:
            (await session.get_one(AttemptRow, attempt_id)).identity_photo = photo

    async def delete(self, data_class: DataClass) -> DataDeleted:
        request = DeleteData(attempt_id=self.dossier.attempt_id, data_class=data_class, ended_at=ENDED)
        return await ActivityEnvironment().run(self.activities.delete_data, request)

    async def hold(self) -> None:
        async with self.databases.reservations.write() as session:
            (await session.get_one(AttemptRow, self.dossier.attempt_id)).is_on_hold = True

    async def count(self, table: type[Any]) -> int:
        home = self.databases.corrections if table is ItemMarkRow else self.databases.monitoring
        async with home.read() as session:
            of_attempt = table.attempt_id == self.dossier.attempt_id
            return await session.scalar(select(func.count()).select_from(table).where(of_attempt)) or 0

    async def names(self, prefix: str = "") -> list[str]:
        return [found.name for found in await self.store.list(prefix)]


@pytest.fixture
async def keeper(databases: Databases, tmp_path: Path) -> Keeper:
    made = Keeper(databases, tmp_path / "lake")
    await made.archive()
    return made


async def test_every_run_of_every_workflow_is_kept(keeper: Keeper) -> None:
    attempt_id = keeper.dossier.attempt_id
    keeper.histories.runs = {f"attempt:{attempt_id}": [("r1", b'{"events": 1}'), ("r2", b"{}")]}
    request = ExportHistories(
        attempt_id=attempt_id,
        workflow_ids=(f"attempt:{attempt_id}", f"grading:{attempt_id}:1"),
        ended_at=ENDED,
    )

    exported = await ActivityEnvironment().run(keeper.activities.export_histories, request)
    again = await ActivityEnvironment().run(keeper.activities.export_histories, request)

    folder = f"archive/2027/01/{attempt_id}/history/attempt-{attempt_id}"
    assert exported.names == (f"{folder}/r1.json.gz", f"{folder}/r2.json.gz")
    assert again == exported
    assert gzip.decompress(await keeper.store.get(exported.names[0])) == b'{"events": 1}'


async def test_an_open_workflow_makes_it_try_again(keeper: Keeper) -> None:
    keeper.histories.is_open = True
    request = ExportHistories(attempt_id=new_id(), workflow_ids=("attempt:x",), ended_at=ENDED)

    with pytest.raises(Failure) as raised:
        await ActivityEnvironment().run(keeper.activities.export_histories, request)

    assert raised.value.is_retryable


async def test_media_go_with_their_objects_rows_and_pictures_in_the_report(keeper: Keeper) -> None:
    name = report_name(keeper.dossier.attempt_id, ENDED)
    assert pictures_in(await keeper.store.get(name)) == 2

    deleted = await keeper.delete(DataClass.MEDIA)

    assert (deleted.objects, deleted.rows) == (4, 1)
    assert recording_folder(keeper.dossier.exam_id, keeper.dossier.attempt_id) in deleted.folders
    assert [path for path in await keeper.names("raw") if str(keeper.dossier.attempt_id) in path] == []
    assert len(await keeper.names("raw")) == 1  # somebody else's
    assert await keeper.count(SegmentRow) == 0
    assert pictures_in(await keeper.store.get(name)) == 0


async def test_features_go_and_incidents_stay(keeper: Keeper) -> None:
    deleted = await keeper.delete(DataClass.FEATURES)

    assert (deleted.objects, deleted.rows) == (0, 6)
    assert await keeper.count(EvidenceRow) == 0
    assert await keeper.count(IncidentRow) == 2


async def test_the_decision_log_goes_and_the_receipt_stays(keeper: Keeper) -> None:
    attempt_id = keeper.dossier.attempt_id
    media = await keeper.delete(DataClass.MEDIA)
    receipt = WriteReceipt(attempt_id=attempt_id, deleted=(media,), at=ENDED, ended_at=ENDED)
    await keeper.activities.write_receipt(receipt)

    deleted = await keeper.delete(DataClass.DECISION_LOG)
    written = receipt.model_copy(update={"deleted": (media, deleted), "at": ENDED + timedelta(days=730)})
    name = await keeper.activities.write_receipt(written)

    assert name == receipt_name(attempt_id, ENDED)
    assert deleted.objects == 5  # report with and without answers, dossier and two tables
    assert await keeper.count(ItemMarkRow) == 0
    assert [path for path in await keeper.names() if str(attempt_id) in path] == [name]
    assert json.loads(await keeper.store.get(name)) == {
        "attempt_id": str(attempt_id),
        "at": "2029-01-10T10:00:00+00:00",
        "deleted": [
            {**media.model_dump(mode="json"), "at": ENDED.isoformat()},
            {**deleted.model_dump(mode="json"), "at": "2029-01-10T10:00:00+00:00"},
        ],
    }


async def test_a_retention_that_is_started_again_adds_to_the_receipt(keeper: Keeper) -> None:
    attempt_id, later = keeper.dossier.attempt_id, ENDED + timedelta(days=9)
    media = await keeper.delete(DataClass.MEDIA)
    first = WriteReceipt(attempt_id=attempt_id, deleted=(media,), at=ENDED, ended_at=ENDED)
    again = DataDeleted(data_class=DataClass.MEDIA, rows=0, objects=0)
    second = first.model_copy(update={"deleted": (again,), "at": later})

    (name,) = {await keeper.activities.write_receipt(request) for request in (first, first, second, second)}

    listed = json.loads(await keeper.store.get(name))["deleted"]
    assert [(one["objects"], one["at"]) for one in listed] == [
        (media.objects, ENDED.isoformat()),
        (0, later.isoformat()),
    ]


async def test_deleting_again_finds_nothing_and_is_no_error(keeper: Keeper) -> None:
    await keeper.delete(DataClass.MEDIA)

    again = await keeper.delete(DataClass.MEDIA)

    assert (again.objects, again.rows) == (0, 0)


async def test_a_retry_goes_on_counting_where_the_last_try_stopped(keeper: Keeper) -> None:
    environment = ActivityEnvironment()
    environment.info = environment.info.__class__(**{**vars(environment.info), "heartbeat_details": [2]})
    request = DeleteData(attempt_id=keeper.dossier.attempt_id, data_class=DataClass.MEDIA, ended_at=ENDED)

    deleted = await environment.run(keeper.activities.delete_data, request)

    assert deleted.objects == 6


async def test_a_hold_blocks_deletion_until_it_is_released(keeper: Keeper) -> None:
    await keeper.hold()
    before = await keeper.names()

    with pytest.raises(Failure) as raised:
        await keeper.delete(DataClass.MEDIA)

    assert raised.value.is_retryable
    assert await keeper.activities.is_on_hold(keeper.dossier.attempt_id)
    assert await keeper.names() == before
