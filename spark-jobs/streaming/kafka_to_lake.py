"""Streaming: what comes on the product's topics in Kafka goes to the lake's event files, each batch exactly once.

`--available-now` takes what is there and ends; otherwise it goes on until SIGTERM or SIGINT.
"""

import signal
import sys
import threading
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming.query import StreamingQuery

from batch.explanation import explained
from batch.job_settings import JobSettings, job_settings
from batch.reach import see_brokers, see_lake, see_master
from batch.spark_session import open_session
from batch.trouble import Trouble
from batch.workplace import lake_url_of, own_lake_as
from schema.events import Topic
from schema.settings import Settings, settings_or_exit
from streaming.event_sieve import sieved
from streaming.lake_batch import LakeBatch

JOB = "kafka_to_lake"
PLACE = f"streaming/{JOB}"  # below the lake: checkpoint, and what is not named yet
LOOK_SECONDS = 1


class KafkaToLake:
    """The stream with its session. The checkpoint knows how far it came, whatever ended it."""

    def __init__(self, spark: SparkSession, lake_url: str, bootstrap: str, settings: JobSettings) -> None:
        self._spark = spark
        self._lake_url = lake_url
        self._bootstrap = bootstrap
        self._settings = settings

    def start(self, *, is_draining: bool) -> StreamingQuery:
        """Begin where the last run ended; with `is_draining` it ends by itself when it has all there was."""
        writer = self._messages().writeStream.queryName(JOB).foreachBatch(self._write)
        writer = writer.option("checkpointLocation", f"{self._lake_url}/{PLACE}/checkpoint")
        if is_draining:
            return writer.trigger(availableNow=True).start()
        seconds = self._settings.stream_interval.total_seconds()
        return writer.trigger(processingTime=f"{seconds} seconds").start()

    def _messages(self) -> DataFrame:
        topics = "|".join(topic.value for topic in Topic)
        options = {
            "kafka.bootstrap.servers": self._bootstrap,
            "subscribePattern": topics,  # unlike a list of names it bears that a topic is not there yet
            "startingOffsets": "earliest",
            "maxOffsetsPerTrigger": str(self._settings.stream_batch),
        }
        return self._spark.readStream.format("kafka").options(**options).load()

    def _write(self, messages: DataFrame, number: int) -> None:
        spark = messages.sparkSession
        stream = spark.sparkContext.getLocalProperty("sql.streaming.queryId") or ""
        rows = sieved(messages).persist()
        try:
            # Numbers begin again with a new checkpoint, so the name says which one it was.
            batch = LakeBatch(
                spark, self._lake_url, f"{self._lake_url}/{PLACE}/aside", f"{stream[:8]}-{number:08d}"
            )
            batch.write(rows)
            count, bad = rows.agg(F.count("*"), F.count_if("is_bad")).collect()[0]
        finally:
            rows.unpersist()
        _say(
            f"batch {number}: {count - bad} events"
            + (f", {bad} bad messages in quarantine/events/" if bad else "")
        )


def keep_on(query: StreamingQuery, stop: threading.Event) -> None:
    """Wait until the query ends; when `stop` is set, end it after the batch it is at."""
    while not stop.is_set():
        if query.awaitTermination(LOOK_SECONDS):
            return
    while query.isActive and query.status["isTriggerActive"]:
        query.awaitTermination(LOOK_SECONDS)
    query.stop()
    _say("ended as asked; the next start goes on from here")


def main(*, is_draining: bool) -> None:
    """Run with what the settings say. Raises Trouble."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    product, settings = settings_or_exit(), job_settings()
    lake_url = lake_url_of(product, settings)
    own_lake_as(product.hdfs_user, lake_url)
    _see_everything(product, settings, lake_url)
    spark = open_session(JOB, settings, _further(settings))
    try:
        stream = KafkaToLake(spark, lake_url, product.kafka_bootstrap, settings)
        keep_on(stream.start(is_draining=is_draining), stop)
    finally:
        spark.stop()


def _see_everything(product: Settings, settings: JobSettings, lake_url: str) -> None:
    if not product.kafka_bootstrap:
        raise Trouble("KAFKA_BOOTSTRAP is empty: name the brokers, as host:9092")
    see_brokers(product.kafka_bootstrap)
    see_lake(lake_url)
    see_master(settings.master)


def _further(settings: JobSettings) -> dict[str, str]:
    jars = sorted(Path(settings.kafka_jars).glob("*.jar")) if settings.kafka_jars else []
    if not any(path.name.startswith("spark-sql-kafka-") for path in jars):
        raise Trouble(
            f"SPARK_KAFKA_JARS={settings.kafka_jars} is no folder with Spark's reader of Kafka; "
            "`make stream` fetches it and sets this, `python -m workers stack jars spark` prints where it is"
        )
    # On a cluster the driver hands them to executors. A stream has no shuffle worth more than a few partitions.
    return {
        "spark.jars": ",".join(map(str, jars)),
        "spark.cores.max": str(settings.stream_cores),
        "spark.sql.streaming.metricsEnabled": "false",
    }


def _say(text: str) -> None:
    sys.stdout.write(f"{JOB}: {text}\n")
    sys.stdout.flush()


def start(arguments: list[str]) -> Any:
    """Run as the command line says."""
    if arguments not in ([], ["--available-now"]):
        sys.exit(f"usage: {sys.argv[0]} [--available-now]")
    with explained(JOB):
        main(is_draining=bool(arguments))


if __name__ == "__main__":
    start(sys.argv[1:])
