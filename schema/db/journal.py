"""Writes and verifies the audit log; an act is written in the transaction of what it tells, where that is here."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.insertion import insert_once
from schema.db.session import Database
from schema.db.tables.users import JournalEntry, JournalHead
from schema.journal import NO_HASH, Act, ActSubject, Link, Verification, chained, verified

ROWS_PER_READ = 1_000


async def lock_journal(session: AsyncSession, organisation_id: UUID) -> JournalHead:
    """The organisation's newest link, so that of two who act at once the later one sees what the first has done."""
    query = select(JournalHead).where(JournalHead.organisation_id == organisation_id).with_for_update()
    head = await session.scalar(query)
    if head is None:
        first = JournalHead(organisation_id=organisation_id, number=0, hash=NO_HASH)
        await insert_once(session, first)
        head = (await session.scalars(query)).one()
    return head


async def record(session: AsyncSession, act: Act) -> None:
    """Add an act to its organisation's chain; one that is there already stays one."""
    head = await lock_journal(session, act.organisation_id)
    await session.flush()
    if await session.get(JournalEntry, act.act_id) is not None:
        return
    link = chained(act, head.number + 1, head.hash)
    columns = act.model_dump(mode="json", include={"before", "after"})
    entry = JournalEntry(**act.model_dump(exclude={"before", "after", "subject"}), **columns)
    entry.subject = act.subject.value
    entry.number, entry.previous, entry.hash = link.number, link.previous, link.hash
    session.add(entry)
    head.number, head.hash = link.number, link.hash
    await session.flush()


def link_of(row: JournalEntry) -> Link:
    """A stored act with its place in the chain."""
    act = Act(
        act_id=row.act_id,
        organisation_id=row.organisation_id,
        at=row.at,
        actor_id=row.actor_id,
        kind=row.kind,
        subject=ActSubject(row.subject),
        subject_id=row.subject_id,
        exam_id=row.exam_id,
        reason=row.reason,
        before=row.before,
        after=row.after,
    )
    return Link(act=act, number=row.number, previous=row.previous, hash=row.hash)


async def verify_journals(users: Database) -> list[Verification]:
    """The chain of each organisation."""
    async with users.read() as session:
        heads = (await session.scalars(select(JournalHead))).all()
        return [await verify_journal(session, head) for head in heads]


async def verify_journal(session: AsyncSession, head: JournalHead) -> Verification:
    """One organisation's chain, against its newest link."""
    links: list[Link] = []
    while rows := await _rows(session, head.organisation_id, links[-1].number if links else 0):
        links += [link_of(row) for row in rows]
        session.expunge_all()
    return verified(head.organisation_id, links, head.number, head.hash)


async def _rows(session: AsyncSession, organisation_id: UUID, after: int) -> Sequence[JournalEntry]:
    query = (
        select(JournalEntry)
        .where(JournalEntry.organisation_id == organisation_id, JournalEntry.number > after)
        .order_by(JournalEntry.number)
        .limit(ROWS_PER_READ)
    )
    return (await session.scalars(query)).all()
