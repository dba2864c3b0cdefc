"""Puts events where the product puts them, and reads them as the jobs do."""

import asyncio
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from sqlalchemy import create_engine, select

from activities.adapters.lake import LakeSink
from batch.event_check import LINES, checked, slim, sound
from batch.workplace import Workplace
from schema.db.tables.analytics import AnalyticsTable
from schema.events import Envelope


def read(spark: SparkSession, envelopes: Iterable[Envelope]) -> DataFrame:
    """Sound events as the transforms get them; all of one topic, written on the day they happened."""
    some = list(envelopes)
    rows = [(one.model_dump_json(), "a file", one.occurred_at.date()) for one in some]
    return sound(slim(checked(spark.createDataFrame(rows, LINES), some[0].type, 2)))


def lake_of(place: Workplace) -> Path:
    return Path(place.lake_url.removeprefix("file://"))


def store(place: Workplace, *envelopes: Envelope) -> None:
    """Into the lake, through the product's own sink."""
    asyncio.run(LakeSink(lake_of(place)).publish(envelopes))


def append(place: Workplace, topic: str, day: date, line: str) -> None:
    """A line, whatever it is, at the end of a day's file."""
    path = lake_of(place) / "raw" / "events" / topic / f"{day:%Y/%m/%d}" / "events.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(line)


def rows_of(place: Workplace, table: type[AnalyticsTable]) -> list[dict[str, Any]]:
    """What stands in the analytics database."""
    engine = create_engine(place.database_url.replace("+aiosqlite", ""))
    with engine.connect() as connection:
        found = [dict(row) for row in connection.execute(select(table.__table__)).mappings()]
    engine.dispose()
    return found
