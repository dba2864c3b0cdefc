"""What was sent before a restore, and the pause until that is known, over `_notifications`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from activities.adapters.sql.mail_book import SECRET_FACT
from activities.ports import Pause
from schema.db.insertion import insert_once
from schema.db.session import Database
from schema.db.tables.notifications import MailPause, MailRow, SentMail
from schema.ids import new_id

GIVEN_UP = "given up by an administrator after a restore: nobody knows whether it had been sent"
AT_ONCE = 500

_WAITING = (MailRow.sent_at.is_(None), MailRow.refused_at.is_(None), MailRow.held_at.is_(None))
_HELD = (MailRow.sent_at.is_(None), MailRow.refused_at.is_(None), MailRow.held_at.is_not(None))


class SqlMailPauses:
    """Implements MailPauses."""

    def __init__(self, notifications: Database, now: Now = utc_now) -> None:
        self._notifications = notifications
        self._now = now

    async def pause(self, pause: Pause) -> None:
        """One row for each restore."""
        told = {"taken_at": pause.taken_at, "is_log_whole": pause.is_log_whole}

        async def work(session: AsyncSession) -> None:
            session.add(MailPause(pause_id=new_id(), **told, began_at=self._now(), outcome=""))

        await self._notifications.run(work)

    async def paused(self) -> Pause | None:
        """From all that are not over."""
        query = select(MailPause).where(MailPause.ended_at.is_(None))
        async with self._notifications.read() as session:
            rows = list(await session.scalars(query))
        if not rows:
            return None
        is_whole, began_at = all(row.is_log_whole for row in rows), min(row.began_at for row in rows)
        return Pause(min(row.taken_at for row in rows), is_whole, began_at)

    async def note_sent(self, sent: Mapping[UUID, datetime]) -> int:
        """Rows become sent; what has no row is remembered for the moment when it is made."""
        ids, news = sorted(sent), 0
        for start in range(0, len(ids), AT_ONCE):
            part = {mail_id: sent[mail_id] for mail_id in ids[start : start + AT_ONCE]}
            news += await self._notifications.run(lambda session, part=part: _note(session, part))  # type: ignore[misc]
        return news

    async def waiting(self) -> Sequence[UUID]:
        """Each attempt once."""
        attempt = MailRow.attempt_id
        query = select(attempt).where(*_WAITING, attempt.is_not(None)).distinct()
        async with self._notifications.read() as session:
            return [attempt_id for attempt_id in await session.scalars(query) if attempt_id is not None]

    async def resume(self, *, hold: bool) -> int:
        """One transaction: nothing is sent between the end of the pause and the holding."""
        now = self._now()
        holding = update(MailRow).where(*_WAITING).values(held_at=now)
        counting = select(func.count()).select_from(MailRow).where(*_WAITING)

        async def work(session: AsyncSession) -> int:
            waiting = await session.scalar(counting) or 0
            if hold:
                await session.execute(holding)
            outcome = f"{waiting} mails {'held' if hold else 'sent'}"
            ended = update(MailPause).where(MailPause.ended_at.is_(None))
            await session.execute(ended.values(ended_at=now, outcome=outcome, is_log_whole=not hold))
            return waiting

        return await self._notifications.run(work)

    async def held(self) -> int:
        """All that an administrator is asked about."""
        async with self._notifications.read() as session:
            return await session.scalar(select(func.count()).select_from(MailRow).where(*_HELD)) or 0

    async def settle_held(self, *, send: bool) -> int:
        """They are due at once, or never."""
        now = self._now()
        sending = {"held_at": None, "next_try_at": now}
        giving_up = {"held_at": None, "refused_at": now, "trouble": GIVEN_UP}
        settling = update(MailRow).where(*_HELD).values(sending if send else giving_up)

        async def work(session: AsyncSession) -> int:
            return cast(CursorResult[Any], await session.execute(settling)).rowcount

        return await self._notifications.run(work)


async def _note(session: AsyncSession, sent: Mapping[UUID, datetime]) -> int:
    rows = await session.scalars(select(MailRow).where(MailRow.mail_id.in_(sent)))
    mails = {row.mail_id: row for row in rows}
    noted = set(await session.scalars(select(SentMail.mail_id).where(SentMail.mail_id.in_(sent))))
    news = 0
    for mail_id, at in sent.items():
        mail = mails.get(mail_id)
        if mail is None and mail_id not in noted:
            news += await insert_once(session, SentMail(mail_id=mail_id, sent_at=at))
        elif mail is not None and mail.sent_at is None:
            mail.sent_at, mail.refused_at, mail.held_at = at, None, None
            mail.data = {name: fact for name, fact in mail.data.items() if name != SECRET_FACT}
            news += 1
    return news
