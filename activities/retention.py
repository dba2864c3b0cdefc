"""Keeps what must be kept and deletes what must go: histories, data by class, and a receipt of what was deleted."""

import gzip
import json
import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from temporalio import activity

from activities.heartbeat import beating
from activities.ports import DataPurge, HistorySource, ObjectIndex, ObjectStore
from activities.press import Press
from schema.archive import anomalies_name, archive_folder, history_name, receipt_name, results_name
from schema.failures import Failure, FailureType
from schema.retention import (
    DataClass,
    DataDeleted,
    DeleteData,
    ExportHistories,
    HistoriesExported,
    WriteReceipt,
)

LOG = logging.getLogger(__name__)


class RetentionActivities:
    """`purges` holds one DataPurge per schema that knows attempts."""

    def __init__(
        self,
        histories: HistorySource,
        purges: Sequence[DataPurge],
        index: ObjectIndex,
        store: ObjectStore,
        press: Press,
    ) -> None:
        self._histories = histories
        self._purges = purges
        self._index = index
        self._store = store
        self._press = press

    @activity.defn
    async def export_histories(self, request: ExportHistories) -> HistoriesExported:
        """Every run of every named workflow. Raises UNAVAILABLE while one is open, so that it is called again.

        One that never ran, or whose history the server no longer has, is logged and left out.
        """
        names: list[str] = []
        async with beating():
            for workflow_id in request.workflow_ids:
                for run_id, history in await self._runs(workflow_id):
                    name = history_name(request.attempt_id, request.ended_at, workflow_id, run_id)
                    await self._store.put(name, gzip.compress(history, mtime=0))
                    names.append(name)
        return HistoriesExported(names=tuple(names))

    @activity.defn
    async def delete_data(self, request: DeleteData) -> DataDeleted:
        """Objects first, then rows, which know where objects are; counted once both are verified to be gone.

        Deleting media also prints the report again without pictures. Raises UNAVAILABLE while a hold blocks it.
        """
        if await self.is_on_hold(request.attempt_id):
            what = "this attempt is on hold: release the hold, then its data can be deleted"
            raise Failure(FailureType.UNAVAILABLE, what, attempt_id=request.attempt_id)
        objects = sum(activity.info().heartbeat_details)  # what an earlier try of this call deleted
        async with beating(lambda: objects):
            folders = await self._folders(request)
            for folder in folders:
                objects += await self._clear(folder, request)
            if request.data_class is DataClass.MEDIA and request.ended_at is not None:
                await self._press.print_without_pictures(
                    request.attempt_id, request.ended_at, datetime.now(UTC)
                )
            rows = sum([await purge.purge(request) for purge in self._purges])
        return DataDeleted(data_class=request.data_class, rows=rows, objects=objects, folders=tuple(folders))

    @activity.defn
    async def write_receipt(self, request: WriteReceipt) -> str:
        """JSON beside the report; returns its name. What a run before this one had deleted stays in it."""
        name = receipt_name(request.attempt_id, request.ended_at or request.at)
        deleted = await self._listed(name)
        for one in request.deleted:
            entry = one.model_dump(mode="json")
            if not any(entry.items() <= known.items() for known in deleted):
                deleted.append({**entry, "at": request.at.isoformat()})
        receipt = {"attempt_id": str(request.attempt_id), "at": request.at.isoformat(), "deleted": deleted}
        await self._store.put(name, json.dumps(receipt, indent=2).encode())
        return name

    @activity.defn
    async def is_on_hold(self, attempt_id: UUID) -> bool:
        """Whether any schema blocks deletion."""
        return any([await purge.is_on_hold(attempt_id) for purge in self._purges])

    async def _listed(self, name: str) -> list[dict[str, Any]]:
        """What the receipt says so far; nothing where there is none."""
        if await self._store.stat(name) is None:
            return []
        listed: list[dict[str, Any]] = json.loads(await self._store.get(name))["deleted"]
        return listed

    async def _runs(self, workflow_id: str) -> Iterable[tuple[str, bytes]]:
        try:
            return await self._histories.export(workflow_id)
        except Failure as failure:
            if failure.type is not FailureType.NOT_FOUND:
                raise
            LOG.warning("%s has no history to keep", workflow_id)
            return ()

    async def _folders(self, request: DeleteData) -> Sequence[str]:
        folders = list(await self._index.folders(request.attempt_id, request.data_class))
        if request.data_class is DataClass.DECISION_LOG and request.ended_at is not None:
            attempt_id, ended_at = request.attempt_id, request.ended_at
            folders += [
                archive_folder(attempt_id, ended_at),
                results_name(attempt_id, ended_at),
                anomalies_name(attempt_id, ended_at),
            ]
        return tuple(dict.fromkeys(folders))

    async def _clear(self, folder: str, request: DeleteData) -> int:
        kept = {receipt_name(request.attempt_id, request.ended_at)} if request.ended_at else set()
        names = [name for name in await self._names(folder) if name not in kept]
        for name in names:
            await self._store.delete(name)
        if left := [name for name in await self._names(folder) if name not in kept]:
            what = f"{len(left)} objects below {folder} are still there after deletion"
            raise Failure(FailureType.UNAVAILABLE, what)
        return len(names)

    async def _names(self, folder: str) -> list[str]:
        return [found.name for found in await self._store.list(folder)]
