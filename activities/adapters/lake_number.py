"""The highest numbers that the lake's events carry, read from the days that a database may have forgotten."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from activities.ports import ObjectStore
from schema.events import Source, Topic


@dataclass(slots=True)
class LakeEvents:
    """The highest number by attempt and source, and when the newest event occurred."""

    numbers: dict[tuple[UUID, Source], int] = field(default_factory=dict)
    newest: datetime | None = None


async def events_since(store: ObjectStore, first: date, last: date) -> LakeEvents:
    """Over all topics of these days, both included."""
    found = LakeEvents()
    for day in days_between(first, last):
        for topic in Topic:
            for kept in await store.list(f"raw/events/{topic}/{day:%Y/%m/%d}"):
                for line in (await store.get(kept.name)).splitlines():
                    _count(line, found)
    return found


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _count(line: bytes, found: LakeEvents) -> None:
    try:
        event = json.loads(line)
        key, number = (UUID(event["attempt_id"]), Source(event["source"])), int(event["sequence"])
        at = datetime.fromisoformat(event["occurred_at"])
    except (ValueError, KeyError, TypeError):  # a line that was cut off, or is no event
        return
    found.numbers[key] = max(found.numbers.get(key, 0), number)
    found.newest = at if found.newest is None else max(found.newest, at)
