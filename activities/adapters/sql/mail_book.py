"""Mails over `_notifications`: one row per person and occasion, whose Message-ID never changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from activities.ports import HOLD_AFTER_REPAIR, Mail
from schema.db.insertion import insert_once
from schema.db.session import Database
from schema.db.tables.notifications import MailPause, MailRow, SentMail
from schema.failures import Failure, FailureType
from schema.ids import mail_id_for

SECRET_FACT = "token"  # noqa: S105 - the name of a fact


class SqlMailBook:
    """Implements MailBook. `domain` ends every Message-ID."""

    def __init__(
        self, notifications: Database, domain: str = "proctorwise.example", now: Now = utc_now
    ) -> None:
        self._notifications = notifications
        self._domain = domain
        self._now = now

    async def enlist(
        self,
        person_id: UUID,
        occasion: str,
        template: str,
        facts: dict[str, str],
        *,
        attempt_id: UUID | None = None,
    ) -> Mail:
        """The mail of this person and occasion, made on the first call and due at once."""
        mail_id = mail_id_for(person_id, occasion)

        async def work(session: AsyncSession) -> Mail:
            row = await session.get(MailRow, mail_id)
            if row is None:
                new = self._new(mail_id, person_id, template, facts, attempt_id)
                known = await session.get(SentMail, mail_id)
                new.sent_at = None if known is None else known.sent_at
                new.held_at = await self._held_since(session, attempt_id)
                await insert_once(session, new)
                row = await session.get_one(MailRow, mail_id)
            return _mail(row)

        return await self._notifications.run(work)

    async def due(self, at: datetime, limit: int) -> Sequence[Mail]:
        """Neither sent, refused nor held, with `next_try_at` <= `at`, oldest first; none in a pause."""
        query = (
            select(MailRow)
            .where(*waits(), MailRow.next_try_at <= at)
            .order_by(MailRow.next_try_at, MailRow.created_at)
            .limit(limit)
        )
        async with self._notifications.read() as session:
            return [_mail(row) for row in await session.scalars(query)]

    async def claim(self, mail_id: UUID, at: datetime, until: datetime) -> bool:
        """Take the right to send it till `until`; true for one caller."""
        is_due = (
            update(MailRow)
            .where(MailRow.mail_id == mail_id, *waits(), MailRow.next_try_at <= at)
            .values(next_try_at=until)
        )

        async def work(session: AsyncSession) -> bool:
            return cast(CursorResult[Any], await session.execute(is_due)).rowcount == 1

        return await self._notifications.run(work)

    async def sent(self, mail_id: UUID) -> None:
        """Remember that it was sent, and forget the fact that opened an account to its reader."""

        async def work(session: AsyncSession) -> None:
            row = await _locked(session, mail_id)
            row.sent_at = row.sent_at or self._now()
            row.data = {name: fact for name, fact in row.data.items() if name != SECRET_FACT}

        await self._notifications.run(work)

    async def failed(self, mail_id: UUID, trouble: str, retry_at: datetime | None = None) -> None:
        """Count a failed try; the next one is due at `retry_at` (None: at once)."""

        async def work(session: AsyncSession) -> None:
            row = await _locked(session, mail_id)
            row.tries, row.trouble, row.next_try_at = row.tries + 1, trouble, retry_at or self._now()

        await self._notifications.run(work)

    async def refused(self, mail_id: UUID, trouble: str) -> None:
        """Remember that its address is refused for good: it is never tried again."""

        async def work(session: AsyncSession) -> None:
            row = await _locked(session, mail_id)
            row.tries, row.trouble, row.refused_at = row.tries + 1, trouble, self._now()

        await self._notifications.run(work)

    async def may_send(self, mail_id: UUID) -> bool:
        """Whether neither a pause nor an administrator's word is waited for."""
        query = select(MailRow.mail_id).where(
            MailRow.mail_id == mail_id, MailRow.held_at.is_(None), no_pause()
        )
        async with self._notifications.read() as session:
            return await session.scalar(query) is not None

    async def _held_since(self, session: AsyncSession, attempt_id: UUID | None) -> datetime | None:
        """What attempts do by themselves right after a repair they may have done before the restore."""
        since = self._now() - HOLD_AFTER_REPAIR
        blind = select(MailPause.pause_id).where(
            MailPause.is_log_whole.is_(False), MailPause.ended_at > since
        )
        is_held = attempt_id is not None and await session.scalar(blind.limit(1)) is not None
        return self._now() if is_held else None

    def _new(
        self, mail_id: UUID, person_id: UUID, template: str, facts: dict[str, str], attempt_id: UUID | None
    ) -> MailRow:
        now = self._now()
        return MailRow(
            mail_id=mail_id,
            message_id=f"<{mail_id}@{self._domain}>",
            person_id=person_id,
            attempt_id=attempt_id,
            template=template,
            data=dict(facts),
            created_at=now,
            next_try_at=now,
        )


def waits() -> tuple[ColumnElement[bool], ...]:
    """Neither sent, refused nor held, and no pause."""
    return (MailRow.sent_at.is_(None), MailRow.refused_at.is_(None), MailRow.held_at.is_(None), no_pause())


def no_pause() -> ColumnElement[bool]:
    """Mails are being sent."""
    return ~exists().where(MailPause.ended_at.is_(None))


async def _locked(session: AsyncSession, mail_id: UUID) -> MailRow:
    row = await session.get(MailRow, mail_id, with_for_update=True)
    if row is None:
        raise Failure(FailureType.NOT_FOUND, "there is no such mail; enlist it first", mail_id=mail_id)
    return row


def _mail(row: MailRow) -> Mail:
    return Mail(
        mail_id=row.mail_id,
        message_id=row.message_id,
        person_id=row.person_id,
        template=row.template,
        facts=dict(row.data),
        is_sent=row.sent_at is not None,
        is_refused=row.refused_at is not None,
        is_held=row.held_at is not None,
        tries=row.tries,
        attempt_id=row.attempt_id,
    )
