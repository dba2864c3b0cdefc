"""Results as Parquet and bad lines as JSON, in the lake; writing a period again replaces both."""

from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from batch.period import Period


@dataclass(frozen=True, slots=True)
class ResultLake:
    """The folders processed/ and quarantine/ of the lake at `lake_url`."""

    spark: SparkSession
    lake_url: str

    def write(self, folder: str, name: str, period: Period, rows: DataFrame) -> None:
        """As processed/{folder}/{year}/{month}/{name}-{first day}, one Parquet file in it."""
        place = f"processed/{folder}/{period.start:%Y/%m}/{name}-{period.start:%Y-%m-%d}"
        rows.coalesce(1).write.mode("overwrite").parquet(f"{self.lake_url}/{place}")

    def quarantine(self, job: str, period: Period, bad: DataFrame, count: int) -> None:
        """As quarantine/{job}/{year}/{month}/{first day}: file, line and problem; no folder when there is none."""
        place = f"{self.lake_url}/quarantine/{job}/{period.start:%Y/%m}/{period.start:%Y-%m-%d}"
        if count:
            bad.coalesce(1).write.mode("overwrite").json(place)
        else:
            self._remove(place)

    def _remove(self, place: str) -> None:
        java: Any = self.spark.sparkContext
        path = java._jvm.org.apache.hadoop.fs.Path(place)
        recursive = True
        path.getFileSystem(java._jsc.hadoopConfiguration()).delete(path, recursive)
