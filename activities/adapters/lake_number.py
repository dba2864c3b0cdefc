"""The highest numbers that the lake's events carry, read from the days that a database may have forgotten."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from activities.ports import ObjectStore
from schema.events import Source, Topic


async def numbers_since(store: ObjectStore, first: date, last: date) -> dict[tuple[UUID, Source], int]:
    """By attempt and source, over all topics of these days, both included."""
    found: dict[tuple[UUID, Source], int] = {}
    for day in _days(first, last):
        for topic in Topic:
            for kept in await store.list(f"raw/events/{topic}/{day:%Y/%m/%d}"):
                for line in (await store.get(kept.name)).splitlines():
                    _count(line, found)
    return found


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _count(line: bytes, found: dict[tuple[UUID, Source], int]) -> None:
    try:
        event = json.loads(line)
        key, number = (UUID(event["attempt_id"]), Source(event["source"])), int(event["sequence"])
    except (ValueError, KeyError, TypeError):  # a line that was cut off, or is no event
        return
    found[key] = max(found.get(key, 0), number)
