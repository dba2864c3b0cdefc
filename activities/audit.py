"""Checks keeping and deleting against the rules: what is due is gone with a receipt, what is not due is there."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from activities.ports import ObjectStore
from activities.ports.audit import KeptAttempt, RetentionRegister
from schema.audit import AuditReport, Finding, FindingKind, audit_name
from schema.lake_owner import FOLDERS, owner_of, receipt_of
from schema.retention import DataClass

# Deletion begins when a class is due; a day later it is overdue.
GRACE = timedelta(days=1)


@dataclass(slots=True)
class Lake:
    """Objects of each attempt by class, and what each receipt says was deleted."""

    objects: dict[UUID, dict[DataClass, set[str]]] = field(default_factory=dict)
    receipts: dict[UUID, frozenset[DataClass]] = field(default_factory=dict)

    def of(self, attempt_id: UUID, data_class: DataClass) -> set[str]:
        """Names of the objects that are there."""
        return self.objects.get(attempt_id, {}).get(data_class, set())

    def deleted(self, attempt_id: UUID) -> frozenset[DataClass]:
        """The classes that the attempt's receipt lists."""
        return self.receipts.get(attempt_id, frozenset())


class RetentionAudit:
    """Reads databases and lake; changes nothing but its own report."""

    def __init__(self, register: RetentionRegister, store: ObjectStore) -> None:
        self._register = register
        self._store = store

    async def run(self, day: date, now: datetime) -> AuditReport:
        """Audit as of the end of the day, or of now where that is sooner, and leave the report in the lake."""
        end = min(datetime.combine(day + timedelta(days=1), time(), UTC), now)
        # In this order: what is stored or begun meanwhile is in the later reading.
        attempts = [attempt async for attempt in self._register.attempts()]
        lake = await self._look()
        findings = [finding for attempt in attempts async for finding in self._judge(attempt, lake, end, now)]
        findings += await self._strangers(lake, {attempt.attempt_id for attempt in attempts})
        report = AuditReport(
            day=day,
            audited_at=now,
            attempts=len(attempts),
            on_hold=sum(attempt.is_on_hold for attempt in attempts),
            objects=sum(len(names) for classes in lake.objects.values() for names in classes.values()),
            findings=tuple(findings),
        )
        await self._store.put(audit_name(day), report.model_dump_json(indent=2).encode())
        return report

    async def _look(self) -> Lake:
        objects: defaultdict[UUID, defaultdict[DataClass, set[str]]] = defaultdict(lambda: defaultdict(set))
        receipts = {}
        for folder in FOLDERS:
            for found in await self._store.list(folder):
                if owner := owner_of(found.name):
                    objects[owner[0]][owner[1]].add(found.name)
                elif attempt_id := receipt_of(found.name):
                    receipts[attempt_id] = _listed(await self._store.get(found.name))
        return Lake({owner: dict(classes) for owner, classes in objects.items()}, receipts)

    async def _judge(
        self, attempt: KeptAttempt, lake: Lake, end: datetime, now: datetime
    ) -> AsyncIterator[Finding]:
        for data_class, due in _dues(attempt):
            there = lake.of(attempt.attempt_id, data_class)
            if data_class in lake.deleted(attempt.attempt_id):
                if there:
                    yield _not_deleted(attempt.attempt_id, data_class, there)
            elif due is not None and due + GRACE <= end and not attempt.is_on_hold:
                yield await self._overdue(attempt.attempt_id, data_class, due, there)
            elif due is None or due > now or attempt.is_on_hold:
                for finding in _missing(attempt, data_class, there):
                    yield finding

    async def _overdue(
        self, attempt_id: UUID, data_class: DataClass, due: datetime, there: set[str]
    ) -> Finding:
        rows = await self._register.rows(attempt_id, data_class)
        when = f"{data_class} of attempt {attempt_id} was due for deletion on {due:%F}"
        if rows or there:
            left = f"{len(there)} objects and {rows} rows are still there"
            what = f"{when}, and {left}; look at workflow retention:{attempt_id}"
            return Finding(
                kind=FindingKind.KEPT_TOO_LONG, attempt_id=attempt_id, data_class=data_class, detail=what
            )
        what = f"{when} and is gone, but no receipt says so; look at workflow retention:{attempt_id}"
        return Finding(kind=FindingKind.NO_RECEIPT, attempt_id=attempt_id, data_class=data_class, detail=what)

    async def _strangers(self, lake: Lake, known: set[UUID]) -> list[Finding]:
        return [
            Finding(
                kind=FindingKind.NOBODYS,
                attempt_id=attempt_id,
                detail=f"{sum(map(len, lake.objects[attempt_id].values()))} objects lie under attempt {attempt_id}, "
                f"which no database knows, such as {_first(lake.objects[attempt_id])}; find out whose they are",
            )
            for attempt_id in sorted(lake.objects.keys() - known)
            if not await self._register.knows(attempt_id)
        ]


def _dues(attempt: KeptAttempt) -> Iterator[tuple[DataClass, datetime | None]]:
    policy = attempt.policy
    for data_class, kept in (
        (DataClass.MEDIA, policy.media),
        (DataClass.FEATURES, policy.features),
        (DataClass.DECISION_LOG, policy.decision_log),
    ):
        yield data_class, None if attempt.over_at is None else attempt.over_at + max(kept, attempt.grace)


def _not_deleted(attempt_id: UUID, data_class: DataClass, there: set[str]) -> Finding:
    what = (
        f"the receipt of attempt {attempt_id} says that its {data_class} is deleted, and {len(there)} objects "
        f"are there, such as {min(there)}; delete them, and find out who wrote them"
    )
    return Finding(kind=FindingKind.NOT_DELETED, attempt_id=attempt_id, data_class=data_class, detail=what)


def _missing(attempt: KeptAttempt, data_class: DataClass, there: set[str]) -> Iterator[Finding]:
    expected = {
        DataClass.MEDIA: set(attempt.media),
        DataClass.DECISION_LOG: {attempt.report} if attempt.report else set(),
    }.get(data_class, set())
    if lost := expected - there:
        why = "it is on hold" if attempt.is_on_hold else "it is not due for deletion"
        what = (
            f"{len(lost)} objects of attempt {attempt.attempt_id} are not in the lake though {why}, "
            f"such as {min(lost)}; bring them back from a copy of the lake"
        )
        yield Finding(
            kind=FindingKind.MISSING, attempt_id=attempt.attempt_id, data_class=data_class, detail=what
        )


def _listed(receipt: bytes) -> frozenset[DataClass]:
    return frozenset(DataClass(deleted["data_class"]) for deleted in json.loads(receipt)["deleted"])


def _first(classes: dict[DataClass, set[str]]) -> str:
    return min(name for names in classes.values() for name in names)
