"""The slot and the policy that an attempt is subject to; policies of versions never change and are kept in memory."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.tables.reservations import AttemptRow, ExamVersion, SlotRow
from schema.exam import ExamPolicy
from schema.lifecycle import SlotWindow

ROOM = 256
Version = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What decides about an attempt beside its own state."""

    slot: SlotWindow
    policy: ExamPolicy


class PolicyShelf:
    """The most recently used versions' policies."""

    def __init__(self) -> None:
        self._policies: OrderedDict[Version, ExamPolicy] = OrderedDict()

    async def circumstances(
        self, session: AsyncSession, rows: Iterable[AttemptRow]
    ) -> Mapping[UUID, Circumstance]:
        """By attempt; one whose exam is gone is subject to the default policy."""
        rows = list(rows)
        await self._learn(session, {(row.exam_id, row.exam_version) for row in rows})
        slots = select(SlotRow).where(SlotRow.slot_id.in_({row.slot_id for row in rows}))
        windows = {slot.slot_id: slot for slot in await session.scalars(slots)}
        return {
            row.attempt_id: Circumstance(
                _window(row, windows.get(row.slot_id)),
                self._policies.get((row.exam_id, row.exam_version), ExamPolicy()),
            )
            for row in rows
        }

    async def policies(self, session: AsyncSession, versions: set[Version]) -> Mapping[Version, ExamPolicy]:
        """By version; one that is gone has the default policy."""
        await self._learn(session, versions)
        return {version: self._policies.get(version, ExamPolicy()) for version in versions}

    async def _learn(self, session: AsyncSession, versions: set[Version]) -> None:
        unknown = versions - self._policies.keys()
        if not unknown:
            return
        row = ExamVersion
        wanted = select(row).where(tuple_(row.exam_id, row.version).in_(unknown))
        for found in await session.scalars(wanted):
            policy = ExamPolicy.model_validate(found.content.get("policy", {}))
            self._policies[found.exam_id, found.version] = policy
        while len(self._policies) > ROOM:
            self._policies.popitem(last=False)


def _window(row: AttemptRow, slot: SlotRow | None) -> SlotWindow:
    if slot is None:
        return SlotWindow(slot_id=row.slot_id, starts_at=row.created_at, ends_at=row.created_at)
    return SlotWindow(slot_id=slot.slot_id, starts_at=slot.starts_at, ends_at=slot.ends_at)
