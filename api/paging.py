"""Lists page by page: an opaque cursor says where the next page begins, so nothing is skipped or shown twice."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from schema.failures import Failure, FailureType

LARGEST_PAGE = 200

Item = TypeVar("Item")
Row = TypeVar("Row")


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = Field(
        None, description="Send it as `cursor` for the next page; null on the last one"
    )


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page is asked for: up to `limit` items that come after `(instant, id)`, None for the first page."""

    limit: int
    after: tuple[datetime, UUID] | None


def _paging(
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="How many items at most")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=200, description="`next_cursor` of the page before")
    ] = None,
) -> Paging:
    return Paging(limit, _decoded(cursor) if cursor else None)


PagingOf = Annotated[Paging, Depends(_paging)]


async def page_of(
    session: AsyncSession,
    rows: Select[Row],
    paging: Paging,
    instant: InstrumentedAttribute[datetime],
    key: InstrumentedAttribute[UUID],
    shown: Callable[[Row], Item],
    *,
    newest_first: bool = True,
) -> Page[Item]:
    """Run `rows` ordered by `(instant, key)` from the cursor on; `shown` turns a row into an item."""
    order = (instant.desc(), key.desc()) if newest_first else (instant.asc(), key.asc())
    if paging.after is not None:
        rows = rows.where(_beyond(instant, key, paging.after, newest_first=newest_first))
    found: Sequence[Row] = (await session.scalars(rows.order_by(*order).limit(paging.limit + 1))).all()
    return page_from(found, paging, shown, lambda row: (getattr(row, instant.key), getattr(row, key.key)))


def page_from(
    rows: Sequence[Row],
    paging: Paging,
    shown: Callable[[Row], Item],
    position: Callable[[Row], tuple[datetime, UUID]],
) -> Page[Item]:
    """A page of rows that were already selected in order, one more than `limit` where there are more."""
    some = rows[: paging.limit]
    cursor = _encoded(*position(some[-1])) if len(rows) > paging.limit else None
    return Page(items=[shown(row) for row in some], next_cursor=cursor)


def _beyond(
    instant: InstrumentedAttribute[datetime],
    key: InstrumentedAttribute[UUID],
    after: tuple[datetime, UUID],
    *,
    newest_first: bool,
) -> ColumnElement[bool]:
    at, last = after
    if newest_first:
        return or_(instant < at, and_(instant == at, key < last))
    return or_(instant > at, and_(instant == at, key > last))


def _encoded(at: datetime, key: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), key.hex]).encode()).decode().rstrip("=")


def _decoded(cursor: str) -> tuple[datetime, UUID]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts: Any = json.loads(base64.b64decode(padded, b"-_", validate=True))
        at, key = datetime.fromisoformat(parts[0]), UUID(parts[1])
        if at.tzinfo is None or len(parts) != 2:
            raise ValueError
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
        binascii.Error,
    ) as error:
        message = "this cursor is not one of ours; send next_cursor as you got it, or none for the first page"
        raise Failure(FailureType.INVALID, message, field="/cursor") from error
    return at, key
