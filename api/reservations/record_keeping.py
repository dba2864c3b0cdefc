"""What is kept of an attempt until when, and what the receipt says was deleted."""

import json
from dataclasses import dataclass
from datetime import datetime

from activities.ports import ObjectStore
from api.reservations.record_shape import KeepingEntry, KeptClass
from schema.archive import papers_beside, receipt_name
from schema.attempt import FINAL_PHASES, Phase
from schema.db.tables.reservations import AttemptRow
from schema.exam import RetentionPolicy
from schema.failures import Failure, FailureType
from schema.retention import DataClass, DataDeleted


@dataclass(frozen=True, slots=True)
class _Receipt:
    at: datetime | None
    deleted: dict[DataClass, DataDeleted]
    is_readable: bool = True


async def keeping_entry(row: AttemptRow, policy: RetentionPolicy, store: ObjectStore) -> KeepingEntry:
    """Times count from the row's last change: the workflow notes the end moments before it is mirrored."""
    is_over = Phase(row.phase) in FINAL_PHASES and (row.started_at is None or bool(row.report_name))
    over_at = row.updated_at if is_over else None
    receipt = await _receipt(row, over_at, store)
    return KeepingEntry(
        over_at=over_at,
        classes=[_class(one, policy, over_at, receipt) for one in DataClass],
        receipt_at=receipt.at,
        is_receipt_readable=receipt.is_readable,
    )


def _class(
    data_class: DataClass, policy: RetentionPolicy, over_at: datetime | None, receipt: _Receipt
) -> KeptClass:
    kept_for = getattr(policy, data_class.value)
    deleted = receipt.deleted.get(data_class)
    return KeptClass(
        data_class=data_class,
        kept_for=kept_for,
        delete_at=over_at + kept_for if over_at else None,
        is_deleted=deleted is not None,
        rows=deleted.rows if deleted else 0,
        objects=deleted.objects if deleted else 0,
    )


async def _receipt(row: AttemptRow, over_at: datetime | None, store: ObjectStore) -> _Receipt:
    if over_at is None:
        return _Receipt(None, {})
    name = receipt_name(row.attempt_id, over_at)
    if row.report_name:
        name = f"{papers_beside(row.report_name, row.attempt_id)[0]}/receipt.json"
    try:
        written = json.loads(await store.get(name))
    except Failure as failure:
        return _Receipt(None, {}, is_readable=failure.type is FailureType.NOT_FOUND)
    deleted = [DataDeleted.model_validate(one) for one in written["deleted"]]
    return _Receipt(datetime.fromisoformat(written["at"]), {one.data_class: one for one in deleted})
