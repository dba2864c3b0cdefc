"""Where the suite of RetentionRegister runs: attempts can be put there as their rows tell them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from activities.adapters.memory.retention_register import MemoryRetentionRegister
from activities.adapters.sql.retention_register import SqlRetentionRegister
from activities.ports.audit import KeptAttempt, RetentionRegister
from schema.attempt import Phase
from schema.db.session import Databases
from schema.db.tables.monitoring import SegmentRow, WatchCheckpoint
from schema.db.tables.reservations import AttemptRow, ExamVersion
from schema.exam import ExamPolicy, RetentionPolicy
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.retention import DataClass
from tests.contracts.builder import NOON, an_exam

POLICY = RetentionPolicy(media=timedelta(days=3), features=timedelta(days=4), decision_log=timedelta(days=5))


@dataclass(frozen=True)
class Story:
    """What became of an attempt; `is_over` is what the register must say of it."""

    phase: Phase
    is_over: bool
    has_begun: bool = False
    report: str = ""
    photo: str = ""
    segments: tuple[str, ...] = ()
    is_on_hold: bool = False


class RegisterPlace(Protocol):
    @property
    def register(self) -> RetentionRegister: ...

    async def add(self, story: Story) -> UUID: ...

    async def add_feature(self, attempt_id: UUID) -> None: ...


class MemoryRegisterPlace:
    def __init__(self) -> None:
        self.register = MemoryRetentionRegister()

    async def add(self, story: Story) -> UUID:
        attempt_id = new_id()
        photo = (story.photo,) if story.photo else ()
        self.register.kept[attempt_id] = KeptAttempt(
            attempt_id,
            NOON if story.is_over else None,
            POLICY,
            story.is_on_hold,
            (*story.segments, *photo),
            story.report,
        )
        return attempt_id

    async def add_feature(self, attempt_id: UUID) -> None:
        self.register.left[attempt_id, DataClass.FEATURES] = 1


class SqlRegisterPlace:
    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self.register = SqlRetentionRegister(databases, page=2)

    async def add(self, story: Story) -> UUID:
        exam = an_exam().model_copy(update={"policy": ExamPolicy(retention=POLICY)})
        attempt = _row(exam.exam_id, exam.version, story)
        content = exam.model_dump(mode="json")
        async with self._databases.reservations.write() as session:
            session.add(
                ExamVersion(exam_id=exam.exam_id, version=exam.version, content=content, created_at=NOON)
            )
            session.add(attempt)
        async with self._databases.monitoring.write() as session:
            session.add_all([_segment(attempt.attempt_id, name) for name in ("", *story.segments)])
        return attempt.attempt_id

    async def add_feature(self, attempt_id: UUID) -> None:
        checkpoint = WatchCheckpoint(
            attempt_id=attempt_id, lease_epoch=1, owner="w", offset=0, updated_at=NOON
        )
        async with self._databases.monitoring.write() as session:
            session.add(checkpoint)


def _row(exam_id: UUID, version: int, story: Story) -> AttemptRow:
    return AttemptRow(
        attempt_id=new_id(),
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=exam_id,
        exam_version=version,
        student_id=new_id(),
        slot_id=new_id(),
        seed=1,
        phase=story.phase,
        marking="pending",
        integrity="undetermined",
        release="withheld",
        version=1,
        hold_until=NOON,
        started_at=NOON if story.has_begun else None,
        checks_done={},
        identity_photo=story.photo,
        report_name=story.report,
        is_on_hold=story.is_on_hold,
        created_at=NOON,
        updated_at=NOON,
    )


def _segment(attempt_id: UUID, name: str) -> SegmentRow:
    return SegmentRow(
        segment_id=new_id(),
        attempt_id=attempt_id,
        node_id="node-1",
        state="uploaded" if name else "open",
        first_offset=0,
        object_name=name,
        created_at=NOON,
    )
