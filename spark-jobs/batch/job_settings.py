"""What the jobs are told by the environment beside the product's own settings (docs/jobs.md lists both)."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class JobSettings(BaseSettings):
    """Spark, the lake's address, and how long the jobs wait for what comes late."""

    model_config = SettingsConfigDict(env_file=".env", env_prefix="SPARK_", extra="ignore", frozen=True)

    master: str = "local[2]"
    driver_host: str = "127.0.0.1"  # where executors reach the driver; it binds there too
    driver_memory: str = "1g"
    shuffle_partitions: Annotated[int, Field(ge=1)] = 4
    lake_url: str = ""  # such as hdfs://namenode:8020/proctorwise; empty is the embedded lake's folder
    late_days: Annotated[int, Field(ge=0, le=31)] = 2  # files after a day that may hold its events
    review_days: Annotated[int, Field(ge=0, le=366)] = 30  # files after a day that may rule on its incidents
    refresh_days: Annotated[int, Field(ge=0, le=31)] = 7  # earlier days that each daily run computes again
