"""Writes one batch into the lake: all its files aside first, then each to its name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True, slots=True)
class LakeBatch:
    """A batch of the lake at `lake_url`. A batch that comes again has the same `name`, and replaces its files."""

    spark: SparkSession
    lake_url: str
    aside: str  # a folder of the stream's own in the same file system
    name: str

    def write(self, rows: DataFrame) -> None:
        """Rows of folder and line: one file {folder}/events-{name}.jsonl per folder. Raises OSError."""
        aside = f"{self.aside}/{self.name}"
        each = rows.repartition("folder").sortWithinPartitions("folder", "partition", "offset")
        lines = each.select("folder", "line")
        lines.write.mode("overwrite").partitionBy("folder").option("compression", "none").text(aside)
        for written in self._written(aside):
            self._give_name(written)
        self._delete(aside)

    def _written(self, aside: str) -> list[str]:
        path = self._path(f"{aside}/folder=*/part-*")
        found = [str(status.getPath().toString()) for status in self._system(path).globStatus(path) or ()]
        if len({written.rsplit("/", 2)[1] for written in found}) != len(found):
            raise AssertionError(
                f"Spark wrote a folder of {aside} in several files, of which one would be lost"
            )
        return found

    def _give_name(self, written: str) -> None:
        folder = unquote(written.rsplit("/", 2)[1]).removeprefix("folder=")
        target = f"{self.lake_url}/{folder}/events-{self.name}.jsonl"
        source, path = self._path(written), self._path(target)
        system = self._system(path)
        system.mkdirs(path.getParent())
        if system.exists(path):
            self._delete(target)
        if not system.rename(source, path):
            raise OSError(
                f"{written} cannot be renamed to {target}; the batch is tried again at the next start"
            )
        _forget_checksum(target)

    def _delete(self, address: str) -> None:
        path = self._path(address)
        recursive = True
        self._system(path).delete(path, recursive)

    def _path(self, address: str) -> Any:
        java: Any = self.spark.sparkContext
        return java._jvm.org.apache.hadoop.fs.Path(address)

    def _system(self, path: Any) -> Any:
        java: Any = self.spark.sparkContext
        return path.getFileSystem(java._jsc.hadoopConfiguration())


def _forget_checksum(target: str) -> None:
    """Hadoop keeps one beside each local file; a reader would give up the whole file for one lost line."""
    address = urlparse(target)
    if address.scheme == "file":
        path = Path(unquote(address.path))
        path.with_name(f".{path.name}.crc").unlink(missing_ok=True)
