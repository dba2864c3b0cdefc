"""Where a job works: a Spark session, the lake, the analytics database, and how far it looks for late events."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from batch.event_file import EventFiles
from batch.intake import Intake, Tally, take_in
from batch.job_settings import JobSettings, job_settings
from batch.period import Period
from batch.reach import database_answers, see_lake, see_master
from batch.result_book import Entry, write_entry
from batch.result_lake import ResultLake
from batch.spark_session import open_session
from batch.trouble import Trouble
from schema.db.tables.analytics import AnalyticsTable
from schema.events import Topic
from schema.settings import Settings, settings_or_exit


@dataclass(frozen=True, slots=True)
class Workplace:
    """`lake_url` is a folder or a Hadoop address; `database_url` the analytics database's."""

    spark: SparkSession
    lake_url: str
    database_url: str
    settings: JobSettings

    @property
    def files(self) -> EventFiles:
        """The lake's event files."""
        return EventFiles(self.spark, self.lake_url)

    def take_in(self, topic: Topic, period: Period, days_after: int | None = None) -> Intake:
        """A topic's events of the period, late ones too, and of `days_after` days after it if that is further."""
        late = self.settings.late_days
        return take_in(self.files, topic, period, late, max(late, days_after or 0))

    def hand_out(
        self, job: str, folder: str, period: Period, results: "Results", intakes: list[Intake]
    ) -> Tally:
        """Write the lake first, then the database, which says that the period is computed."""
        tally = sum((intake.tally for intake in intakes), Tally())
        now = datetime.now(UTC)
        lake = ResultLake(self.spark, self.lake_url)
        stamp = {"period_start": F.lit(period.start), "computed_at": F.lit(now)}
        kept = {table: rows.cache() for table, rows in results.items()}
        for table, rows in kept.items():
            lake.write(folder, table.__tablename__, period, rows.withColumns(stamp))
        bad = intakes[0].bad
        for intake in intakes[1:]:
            bad = bad.unionByName(intake.bad)
        lake.quarantine(job, period, bad, tally.lines_quarantined)
        found = {table: [row.asDict() for row in rows.collect()] for table, rows in kept.items()}
        asyncio.run(write_entry(self.database_url, Entry(job, period.start, now, tally, found)))
        self.spark.catalog.clearCache()
        return tally


Results = Mapping[type[AnalyticsTable], DataFrame]


def lake_url_of(product: Settings, settings: JobSettings) -> str:
    """Where the lake is, without a slash at the end. Raises Trouble when the settings do not say."""
    if settings.lake_url:
        return settings.lake_url.rstrip("/")
    if not product.use_local_storage:
        raise Trouble(
            "USE_LOCAL_STORAGE=false, but SPARK_LAKE_URL is empty: name the lake, as hdfs://host:8020/lake"
        )
    return product.lake_dir.as_uri()


@contextmanager
def opened(job: str) -> Iterator[Workplace]:
    """The workplace that the settings describe; the session stops at the end. Raises Trouble."""
    product, settings = settings_or_exit(), job_settings()
    lake_url, database_url = lake_url_of(product, settings), product.database_url_of("analytics")
    own_lake_as(product.hdfs_user, lake_url)
    see_lake(lake_url)
    see_master(settings.master)
    database_answers(database_url)
    spark = open_session(job, settings)
    try:
        yield Workplace(spark, lake_url, database_url, settings)
    finally:
        spark.stop()


def own_lake_as(user: str, lake_url: str) -> None:
    """HDFS without Kerberos believes whom the driver and its executors say they are; read when the JVM starts."""
    if not lake_url.startswith("file:"):
        os.environ.setdefault("HADOOP_USER_NAME", user)
