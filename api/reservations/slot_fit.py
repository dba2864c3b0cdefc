"""Tells who books whether the slot takes some of their time, extra time included, before they book."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from api.context import Context
from api.reservations.circumstance import PolicyShelf
from api.reservations.shape import SlotView
from api.token import CurrentPerson
from schema.db.tables.reservations import ExamRow
from schema.db.tables.users import Person
from schema.given.fit import missing_time


async def with_fit(context: Context, person: CurrentPerson, slots: Sequence[SlotView]) -> list[SlotView]:
    """The slots, each with what its end takes from this person where the exam ends with its slot."""
    async with context.databases.reservations.read() as session:
        rows = select(ExamRow).where(ExamRow.exam_id.in_({slot.exam_id for slot in slots}))
        offered = {row.exam_id: row.offered_version or row.version for row in await session.scalars(rows)}
        policies = await context.kept(PolicyShelf).policies(session, set(offered.items()))
    if not any(policy.cap_at_slot_end for policy in policies.values()):
        return list(slots)
    async with context.databases.users.read() as session:
        caller = await session.get(Person, person.person_id)
    factor = caller.duration_factor if caller is not None else Decimal(1)
    fitted = []
    for slot in slots:
        policy = policies[slot.exam_id, offered[slot.exam_id]]
        missing = missing_time(policy, factor, slot.starts_at, slot.ends_at)
        changes = {"ends_with_slot": policy.cap_at_slot_end, "missing_time": missing}
        fitted.append(slot.model_copy(update=changes))
    return fitted
