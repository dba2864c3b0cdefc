"""Prints an attempt's report and tables into the lake, and again without pictures when these are deleted."""

import asyncio
import dataclasses
import logging
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter

from activities.frame import FrameReader
from activities.ports import DossierSource, ObjectStore, RecordFeed, ReportPrinter, TablePrinter
from schema.archive import (
    anomalies_name,
    dossier_name,
    report_name,
    report_without_answers,
    results_name,
)
from schema.dossier import Dossier, Pictures
from schema.failures import Failure, FailureType
from schema.task import ReportWritten, WriteReport

LOG = logging.getLogger(__name__)
DOSSIER = TypeAdapter(Dossier)


class Press:
    """Every object has one name per attempt: printing again replaces it. The report is written last."""

    def __init__(
        self,
        source: DossierSource,
        feed: RecordFeed,
        store: ObjectStore,
        report: ReportPrinter,
        table: TablePrinter,
    ) -> None:
        self._source = source
        self._frames = FrameReader(feed)
        self._store = store
        self._report = report
        self._table = table

    async def print(self, request: WriteReport) -> ReportWritten:
        """Read everything and write tables, dossier and report."""
        known = await self._source.dossier(request.attempt_id)
        dossier = dataclasses.replace(known, phase=request.phase)
        pictures = await self._pictures(dossier)
        identity = await self._identity_photo(dossier)
        results = await self._write_results(dossier, request.finished_at)
        anomalies = await self._write_anomalies(dossier, request.finished_at)
        attempt_id, finished_at = request.attempt_id, request.finished_at
        await self._store.put(dossier_name(attempt_id, finished_at), DOSSIER.dump_json(dossier))
        await self._write_reports(dossier, pictures, identity, finished_at)
        return ReportWritten(
            report_name=report_name(attempt_id, finished_at), results_name=results, anomalies_name=anomalies
        )

    async def print_without_pictures(self, attempt_id: UUID, ended_at: datetime, at: datetime) -> bool:
        """Replace the report by one that says when its pictures were deleted; False where there is no report."""
        try:
            written = await self._store.get(dossier_name(attempt_id, ended_at))
        except Failure as failure:
            if failure.type is not FailureType.NOT_FOUND:
                raise
            return False
        kept = DOSSIER.validate_json(written)
        holds = await self._source.holds(attempt_id)
        dossier = dataclasses.replace(kept, pictures_deleted_at=kept.pictures_deleted_at or at, holds=holds)
        await self._store.put(dossier_name(attempt_id, ended_at), DOSSIER.dump_json(dossier))
        await self._write_reports(dossier, {}, None, ended_at)
        return True

    async def _write_reports(
        self, dossier: Dossier, pictures: Pictures, identity: bytes | None, ended_at: datetime
    ) -> None:
        """The whole report is written last: where it is, the one without answers is too."""
        name = report_name(dossier.attempt_id, ended_at)
        for one, where in ((dossier.without_answers(), report_without_answers(name)), (dossier, name)):
            await self._store.put(where, await asyncio.to_thread(self._report.print, one, pictures, identity))

    async def _write_results(self, dossier: Dossier, finished_at: datetime) -> str:
        if not dossier.items:
            return ""
        name = results_name(dossier.attempt_id, finished_at)
        await self._store.put(name, await asyncio.to_thread(self._table.results, dossier))
        return name

    async def _write_anomalies(self, dossier: Dossier, finished_at: datetime) -> str:
        if dossier.started_at is None and not dossier.incidents:
            return ""
        name = anomalies_name(dossier.attempt_id, finished_at)
        await self._store.put(name, await asyncio.to_thread(self._table.anomalies, dossier))
        return name

    async def _pictures(self, dossier: Dossier) -> dict[int, bytes]:
        pictures = {}
        for offset in dossier.shown_offsets:
            if (picture := await self._picture(dossier.attempt_id, offset)) is not None:
                pictures[offset] = picture
        return pictures

    async def _picture(self, attempt_id: UUID, offset: int) -> bytes | None:
        try:
            return (await self._frames.frame(attempt_id, offset)).body
        except Failure as failure:
            if failure.type is not FailureType.NOT_FOUND:
                raise
            return None

    async def _identity_photo(self, dossier: Dossier) -> bytes | None:
        if not dossier.identity_photo:
            return None
        try:
            return await self._store.get(dossier.identity_photo)
        except Failure as failure:
            if failure.type is not FailureType.NOT_FOUND:
                raise
            LOG.info("attempt %s: its identity photo is not kept any more", dossier.attempt_id)
            return None
