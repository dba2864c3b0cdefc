"""Idempotency keys: the same request with the same key is done once and answered alike, however often it is sent.

As in the IETF draft "The Idempotency-Key HTTP Header Field": another body under a used key is refused with 422.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID, uuid5

from fastapi import Header, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from schema.db.session import Database
from schema.db.tables.outbox import ReceiptColumns
from schema.failures import Failure, FailureType
from schema.ids import NAMESPACE

REPLAYED = "Idempotency-Replayed"
UNANSWERED = 0

Table = TypeVar("Table", bound=ReceiptColumns)

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="Chosen by the client, new for each thing it wants done; a retry sends the same one",
        examples=["0f5b7a4e-2f0c-4a53-9d6c-5a2f1c7f9a11"],
    ),
]


class Receipt:
    """What one person asked for under one key.

    `id` is derived from person, operation and key: name what the request makes by it, and `work` becomes
    idempotent. Nothing is locked while `work` runs: of two at once, both do the same thing.
    """

    def __init__(
        self, database: Database, table: type[Table], person_id: UUID, operation: str, key: str, now: datetime
    ) -> None:
        self.id = uuid5(NAMESPACE, f"receipt/{person_id}/{operation}/{key}")
        self._database = database
        self._table = table
        self._now = now

    async def once(
        self, body: BaseModel | bytes | None, work: Callable[[], Awaitable[BaseModel]], status: int = 200
    ) -> Response:
        """The answer of `work`, or the one it gave before. A failure is not kept: the same key may try again.

        Raises INVALID when the key was used with another body.
        """
        fingerprint = fingerprint_of(body)
        known = await self._claim(fingerprint)
        if known is not None:
            return Response(known[1], known[0], {REPLAYED: "true"}, "application/json")
        answer = JSONResponse((await work()).model_dump(mode="json"), status)
        await self._database.run(lambda session: self._keep(session, answer))
        return answer

    async def _claim(self, fingerprint: str) -> tuple[int, str] | None:
        try:
            return await self._database.run(lambda session: self._find_or_claim(session, fingerprint))
        except IntegrityError:  # the same request claimed it a moment ago
            return await self._database.run(lambda session: self._find_or_claim(session, fingerprint))

    async def _find_or_claim(self, session: AsyncSession, fingerprint: str) -> tuple[int, str] | None:
        row = await session.get(self._table, self.id)
        if row is None:
            session.add(self._table(**self._unanswered(fingerprint)))
            return None
        if row.fingerprint != fingerprint:
            message = "this Idempotency-Key was used for another request; choose a new one"
            raise Failure(FailureType.INVALID, message, field="/Idempotency-Key")
        return (row.status, row.body) if row.status != UNANSWERED else None

    def _unanswered(self, fingerprint: str) -> dict[str, object]:
        return {
            "receipt_id": self.id,
            "fingerprint": fingerprint,
            "status": UNANSWERED,
            "body": "",
            "created_at": self._now,
        }

    async def _keep(self, session: AsyncSession, answer: Response) -> None:
        row = await session.get(self._table, self.id)
        if row is not None and row.status == UNANSWERED:
            row.status, row.body = answer.status_code, bytes(answer.body).decode()


def fingerprint_of(body: BaseModel | bytes | None) -> str:
    """40 hexadecimal digits that are the same for the same content, whatever its order or spacing."""
    if isinstance(body, BaseModel):
        body = json.dumps(body.model_dump(mode="json"), sort_keys=True).encode()
    return hashlib.sha256(body or b"").hexdigest()[:40]
