"""What the jobs are told by the environment beside the product's own settings (docs/jobs.md lists both)."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from batch.trouble import Trouble


class JobSettings(BaseSettings):
    """Spark, the lake's address, and how long the jobs wait for what comes late."""

    model_config = SettingsConfigDict(env_file=".env", env_prefix="SPARK_", extra="ignore", frozen=True)

    master: str = "local[2]"
    driver_host: str = "127.0.0.1"  # where executors reach the driver; it binds there too
    driver_memory: str = "1g"
    executor_memory: str = "1g"  # on a cluster
    cores: Annotated[int, Field(ge=0)] = 0  # of a cluster, for one batch job; 0 takes what is free
    worker_wait: timedelta = timedelta(minutes=10)  # for a cluster that lends nothing yet
    shuffle_partitions: Annotated[int, Field(ge=1)] = 64  # Spark joins those that turn out small
    options: dict[str, str] = {}  # further options of Spark, such as {"spark.hadoop.dfs.replication": "2"}
    lake_url: str = ""  # such as hdfs://namenode:8020/lake; empty is the embedded lake's folder
    late_days: Annotated[int, Field(ge=0, le=31)] = 2  # files after a day that may hold its events
    review_days: Annotated[int, Field(ge=0, le=366)] = 30  # files after a day that may rule on its incidents
    refresh_days: Annotated[int, Field(ge=0, le=31)] = 7  # earlier days that each daily run computes again
    kafka_jars: str = ""  # the folder of Spark's reader of Kafka
    stream_cores: Annotated[int, Field(ge=1)] = 1  # of a cluster, which batch jobs need too
    stream_interval: timedelta = timedelta(minutes=1)
    stream_batch: Annotated[int, Field(ge=1)] = 100_000  # messages at most


def job_settings() -> JobSettings:
    """The settings. Raises Trouble that names the variable which is wrong."""
    try:
        return JobSettings()
    except SettingsError as error:  # a list or an object that is not JSON
        raise Trouble(f"{error} (SPARK_…); write objects as JSON") from error
    except ValidationError as error:
        wrong = [f"SPARK_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors()]
        raise Trouble("; ".join(wrong)) from error
