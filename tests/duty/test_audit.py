"""The retention audit: silent while the rules are kept, and a sentence for each attempt where they are not."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from activities.adapters.memory.object_store import MemoryObjectStore
from activities.adapters.memory.retention_register import MemoryRetentionRegister
from activities.audit import RetentionAudit
from activities.ports.audit import KeptAttempt
from schema.archive import anomalies_name, receipt_name, report_name, results_name
from schema.audit import AuditReport, FindingKind, audit_name
from schema.exam import RetentionPolicy
from schema.ids import new_id
from schema.retention import DataClass

OVER = datetime(2026, 6, 1, 12, tzinfo=UTC)
POLICY = RetentionPolicy(
    media=timedelta(days=30), features=timedelta(days=60), decision_log=timedelta(days=90)
)
DUE = {
    DataClass.MEDIA: OVER + POLICY.media,
    DataClass.FEATURES: OVER + POLICY.features,
    DataClass.DECISION_LOG: OVER + POLICY.decision_log,
}


class Archive:
    """An attempt that was over on the first of June, with its objects, and an audit of everything."""

    def __init__(self) -> None:
        self.register = MemoryRetentionRegister()
        self.store = MemoryObjectStore()
        self.attempt_id = new_id()
        self.frames = f"raw/frames/2026/06/01/{self.attempt_id}/0-99.pack"
        self.photo = f"raw/recordings/{new_id()}/{self.attempt_id}/identity-1a2b.jpg"
        self.report = report_name(self.attempt_id, OVER)

    async def fill(self, *, is_on_hold: bool = False, over_at: datetime | None = OVER) -> None:
        self.register.kept[self.attempt_id] = KeptAttempt(
            attempt_id=self.attempt_id,
            over_at=over_at,
            policy=POLICY,
            is_on_hold=is_on_hold,
            media=(self.frames, self.photo),
            report=self.report,
        )
        for name in self.names(DataClass.MEDIA) + self.names(DataClass.DECISION_LOG):
            await self.store.put(name, b"x")
        self.register.left[self.attempt_id, DataClass.FEATURES] = 7

    def names(self, data_class: DataClass) -> list[str]:
        if data_class is DataClass.MEDIA:
            return [self.frames, self.photo]
        if data_class is DataClass.DECISION_LOG:
            return [self.report, results_name(self.attempt_id, OVER), anomalies_name(self.attempt_id, OVER)]
        return []

    async def delete(self, *classes: DataClass, receipt: bool = True) -> None:
        """As the RetentionWorkflow does: data, then a receipt that lists all that is gone."""
        for data_class in classes:
            self.register.left.pop((self.attempt_id, data_class), None)
            for name in self.names(data_class):
                await self.store.delete(name)
        deleted = [{"data_class": data_class, "rows": 1, "objects": 1} for data_class in classes]
        if receipt:
            text = json.dumps({"attempt_id": f"{self.attempt_id}", "deleted": deleted})
            await self.store.put(receipt_name(self.attempt_id, OVER), text.encode())

    async def audit(self, day: date) -> AuditReport:
        noon_after = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=1)
        return await RetentionAudit(self.register, self.store).run(day, noon_after)

    async def found(self, day: date) -> list[tuple[FindingKind, UUID, DataClass | None]]:
        report = await self.audit(day)
        return [(finding.kind, finding.attempt_id, finding.data_class) for finding in report.findings]


@pytest.fixture
def archive() -> Archive:
    return Archive()


def day_after(data_class: DataClass, days: int = 2) -> date:
    return (DUE[data_class] + timedelta(days=days)).date()


async def test_before_anything_is_due_all_is_well(archive: Archive) -> None:
    await archive.fill()

    assert await archive.found(OVER.date()) == []


async def test_the_report_stands_in_the_lake(archive: Archive) -> None:
    await archive.fill()

    report = await archive.audit(OVER.date())

    assert AuditReport.model_validate_json(await archive.store.get(audit_name(report.day))) == report
    assert (report.attempts, report.on_hold, report.objects) == (1, 0, 5)


@pytest.mark.parametrize("data_class", list(DataClass))
async def test_what_is_still_there_a_day_after_it_was_due_is_found(
    archive: Archive, data_class: DataClass
) -> None:
    await archive.fill()
    earlier = [other for other in DataClass if DUE[other] < DUE[data_class]]
    await archive.delete(*earlier)

    found = await archive.found(day_after(data_class))

    assert found == [(FindingKind.KEPT_TOO_LONG, archive.attempt_id, data_class)]


async def test_deletion_has_a_day_before_it_is_missed(archive: Archive) -> None:
    await archive.fill()

    assert await archive.found(day_after(DataClass.MEDIA, 0)) == []


async def test_what_was_deleted_in_time_with_a_receipt_is_well(archive: Archive) -> None:
    await archive.fill()
    await archive.delete(*DataClass)

    assert await archive.found(day_after(DataClass.DECISION_LOG, 300)) == []


async def test_what_is_gone_without_a_receipt_is_found(archive: Archive) -> None:
    await archive.fill()
    await archive.delete(DataClass.MEDIA, receipt=False)

    found = await archive.found(day_after(DataClass.MEDIA))

    assert found == [(FindingKind.NO_RECEIPT, archive.attempt_id, DataClass.MEDIA)]


async def test_an_object_that_outlived_its_receipt_is_found(archive: Archive) -> None:
    await archive.fill()
    await archive.delete(DataClass.MEDIA)
    await archive.store.put(archive.frames, b"back again")

    found = await archive.found(day_after(DataClass.MEDIA))

    assert found == [(FindingKind.NOT_DELETED, archive.attempt_id, DataClass.MEDIA)]


async def test_a_hold_keeps_what_is_due(archive: Archive) -> None:
    await archive.fill(is_on_hold=True)

    report = await archive.audit(day_after(DataClass.DECISION_LOG))

    assert report.findings == ()
    assert report.on_hold == 1


async def test_what_a_hold_should_have_kept_is_missed(archive: Archive) -> None:
    await archive.fill(is_on_hold=True)
    await archive.store.delete(archive.frames)

    found = await archive.found(day_after(DataClass.MEDIA))

    assert found == [(FindingKind.MISSING, archive.attempt_id, DataClass.MEDIA)]


async def test_what_goes_before_it_is_due_is_missed(archive: Archive) -> None:
    await archive.fill()
    await archive.store.delete(archive.report)

    found = await archive.found(day_after(DataClass.MEDIA, -20))

    assert found == [(FindingKind.MISSING, archive.attempt_id, DataClass.DECISION_LOG)]


async def test_what_was_deleted_before_a_hold_is_not_missed(archive: Archive) -> None:
    await archive.fill(is_on_hold=True)
    await archive.delete(DataClass.MEDIA)

    assert await archive.found(day_after(DataClass.MEDIA)) == []


async def test_an_attempt_that_is_not_over_is_never_due(archive: Archive) -> None:
    await archive.fill(over_at=None)

    assert await archive.found(day_after(DataClass.DECISION_LOG)) == []


async def test_objects_of_an_attempt_that_nobody_knows_are_found(archive: Archive) -> None:
    await archive.fill()
    stranger = new_id()
    await archive.store.put(f"raw/recordings/{new_id()}/{stranger}/identity-3c.jpg", b"x")

    assert await archive.found(OVER.date()) == [(FindingKind.NOBODYS, stranger, None)]


async def test_what_belongs_to_no_single_attempt_is_left_alone(archive: Archive) -> None:
    await archive.fill()
    for name in (
        "processed/anomaly_reports/2026/06/anomaly_day/period_start=2026-06-01/part-0.parquet",
        "raw/events/anomaly_detected/2026/06/01/events-1.jsonl",
        "processed/retention_audits/2026/06/2026-06-01.json",
    ):
        await archive.store.put(name, b"x")

    assert await archive.found(OVER.date()) == []
