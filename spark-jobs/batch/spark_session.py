"""The Spark session of a job: in this process by default, loopback only, small."""

import os

from pyspark.sql import SparkSession

from batch.job_settings import JobSettings


def open_session(name: str, settings: JobSettings) -> SparkSession:
    """A session that counts days in UTC."""
    os.environ["SPARK_LOCAL_IP"] = settings.driver_host  # read when the JVM starts, which is below
    options = {
        "spark.driver.host": settings.driver_host,
        "spark.driver.bindAddress": settings.driver_host,
        "spark.driver.memory": settings.driver_memory,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(settings.shuffle_partitions),
    }
    builder = SparkSession.builder.appName(name).master(settings.master)
    for key, value in options.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark
