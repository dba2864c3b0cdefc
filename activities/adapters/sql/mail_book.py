"""Mails over `_notifications`: one row per person and occasion, whose Message-ID never changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.adapters.now import Now, utc_now
from activities.ports import Mail
from schema.db.insertion import insert_once
from schema.db.session import Database
from schema.db.tables.notifications import MailRow
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
                await insert_once(session, self._new(mail_id, person_id, template, facts, attempt_id))
                row = await session.get_one(MailRow, mail_id)
            return _mail(row)

        return await self._notifications.run(work)

    async def due(self, at: datetime, limit: int) -> Sequence[Mail]:
        """Neither sent nor refused, with `next_try_at` <= `at`, oldest first."""
        query = (
            select(MailRow)
            .where(MailRow.sent_at.is_(None), MailRow.refused_at.is_(None), MailRow.next_try_at <= at)
            .order_by(MailRow.next_try_at, MailRow.created_at)
            .limit(limit)
        )
        async with self._notifications.read() as session:
            return [_mail(row) for row in await session.scalars(query)]

    async def claim(self, mail_id: UUID, at: datetime, until: datetime) -> bool:
        """Take the right to send it till `until`; true for one caller."""
        is_due = (
            update(MailRow)
            .where(
                MailRow.mail_id == mail_id,
                MailRow.sent_at.is_(None),
                MailRow.refused_at.is_(None),
                MailRow.next_try_at <= at,
            )
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

    async def hold_back(self, why: str) -> int:
        """Let nothing be sent that waits now: a copy does not know what was sent after it was taken; how many."""
        waiting = (MailRow.sent_at.is_(None), MailRow.refused_at.is_(None))
        held = update(MailRow).where(*waiting).values(refused_at=self._now(), trouble=why)

        async def work(session: AsyncSession) -> int:
            return cast(CursorResult[Any], await session.execute(held)).rowcount

        return await self._notifications.run(work)

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
        tries=row.tries,
        attempt_id=row.attempt_id,
    )
