"""Idempotency receipts, which hold what was answered and so may not be kept for ever."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.session import Database, Databases
from schema.db.tables.corrections import CorrectionsReceipt
from schema.db.tables.outbox import ReceiptColumns
from schema.db.tables.reservations import ReservationsReceipt
from schema.db.tables.users import UsersReceipt


class SqlReceiptBook:
    """Implements ReceiptBook for one schema."""

    def __init__(self, database: Database, table: type[ReceiptColumns]) -> None:
        self._database = database
        self._table = table

    async def forget(self, before: datetime) -> int:
        """Drop what was answered before this instant; returns how many."""
        old = delete(self._table).where(self._table.created_at < before)

        async def work(session: AsyncSession) -> int:
            return cast(CursorResult[Any], await session.execute(old)).rowcount

        return await self._database.run(work)


def receipt_books_of(databases: Databases) -> tuple[SqlReceiptBook, ...]:
    """One for each schema that keeps receipts."""
    return (
        SqlReceiptBook(databases.users, UsersReceipt),
        SqlReceiptBook(databases.reservations, ReservationsReceipt),
        SqlReceiptBook(databases.corrections, CorrectionsReceipt),
    )
