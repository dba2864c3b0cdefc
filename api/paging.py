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
Column = InstrumentedAttribute[Any]


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = Field(
        None, description="Send it as `cursor` for the next page; null on the last one"
    )


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page is asked for: up to `limit` items that come after the position in `cursor`."""

    limit: int
    cursor: str | None


def _paging(
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="How many items at most")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=300, description="`next_cursor` of the page before")
    ] = None,
) -> Paging:
    return Paging(limit, cursor)


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
    return await page_along(session, rows, paging, (instant, key), shown, is_descending=newest_first)


async def page_along(
    session: AsyncSession,
    rows: Select[Row],
    paging: Paging,
    order: Sequence[Column],
    shown: Callable[[Row], Item],
    *,
    is_descending: bool = False,
) -> Page[Item]:
    """Run `rows` ordered by columns that together are unique: instants, ids, integers or texts.

    Raises INVALID for a cursor of another list.
    """
    if paging.cursor:
        rows = rows.where(_beyond(order, _decoded(paging.cursor, order), is_descending))
    directed = [column.desc() if is_descending else column.asc() for column in order]
    found = (await session.scalars(rows.order_by(*directed).limit(paging.limit + 1))).all()
    some = found[: paging.limit]
    cursor = _encoded(some[-1], order) if len(found) > paging.limit else None
    return Page(items=[shown(row) for row in some], next_cursor=cursor)


def _beyond(order: Sequence[Column], position: Sequence[Any], is_descending: bool) -> ColumnElement[bool]:
    alternatives = []
    for index, (column, value) in enumerate(zip(order, position, strict=True)):
        equal = [before == at for before, at in zip(order[:index], position[:index], strict=True)]
        alternatives.append(and_(*equal, column < value if is_descending else column > value))
    return or_(*alternatives)


def _encoded(row: Any, order: Sequence[Column]) -> str:
    position = [_as_json(getattr(row, column.key)) for column in order]
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def _as_json(value: Any) -> str | int:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.hex if isinstance(value, UUID) else value


def _decoded(cursor: str, order: Sequence[Column]) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, b"-_", validate=True))
        return [_as_value(part, column) for part, column in zip(parts, order, strict=True)]
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        message = (
            "this cursor is not one of this list; send next_cursor as you got it, or none for the first page"
        )
        raise Failure(FailureType.INVALID, message, field="/cursor") from error


def _as_value(part: Any, column: Column) -> Any:
    kind = column.type.python_type
    if kind is datetime:
        at = datetime.fromisoformat(part)
        if at.tzinfo is None:
            raise ValueError("a cursor's instant has a zone")
        return at
    if kind is UUID:
        return UUID(part)
    if type(part) is not kind or (kind is int and abs(part) > 2**62):
        raise ValueError("a cursor's part has the column's type")
    return part
