"""Finds and reads the lake's event files through Hadoop's file systems: a local folder or HDFS."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from batch.event_check import LINES
from schema.events import Topic

_DATE_IN_PATH = r"/(\d{4}/\d{2}/\d{2})/[^/]+$"


@dataclass(frozen=True, slots=True)
class EventFiles:
    """The files below raw/events of the lake at `lake_url`."""

    spark: SparkSession
    lake_url: str

    def of(self, topic: Topic, days: Iterable[date]) -> list[str]:
        """The addresses of the files that exist for these days."""
        patterns = [f"{self.lake_url}/raw/events/{topic}/{day:%Y/%m/%d}/events*.jsonl" for day in days]
        return [found for pattern in patterns for found in self._matching(pattern)]

    def lines(self, topic: Topic, days: Iterable[date]) -> DataFrame:
        """Their lines with file and file_date (LINES)."""
        files = self.of(topic, days)
        if not files:
            return self.spark.createDataFrame([], LINES)
        written = F.to_date(F.regexp_extract("_metadata.file_path", _DATE_IN_PATH, 1), "yyyy/MM/dd")
        return self.spark.read.text(files).select(
            F.col("value").alias("line"),
            F.col("_metadata.file_path").alias("file"),
            written.alias("file_date"),
        )

    def _matching(self, pattern: str) -> list[str]:
        java: Any = self.spark.sparkContext
        path = java._jvm.org.apache.hadoop.fs.Path(pattern)
        system = path.getFileSystem(java._jsc.hadoopConfiguration())
        return [str(status.getPath().toString()) for status in system.globStatus(path) or ()]
