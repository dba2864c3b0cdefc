"""Settings of the native stack, from variables with the prefix STACK_."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class StackSettings(BaseSettings):
    """Where the stack keeps its files, and how much it may take."""

    model_config = SettingsConfigDict(env_prefix="STACK_", frozen=True)

    var_dir: Path = Path("var/stack")
    cache_dir: Path = Path("~/.cache/proctorwise")
    # Added to every port of the table in port.py; moved ports stay below those the kernel gives away.
    port_offset: Annotated[int, Field(ge=-3_000, le=12_000)] = 0
    java_heap_mb: Annotated[int, Field(ge=128, le=4_096)] = 256
    galera_password: SecretStr = SecretStr("stack-only")
    airflow_password: SecretStr = SecretStr("stack-only")  # of the account admin
    airflow_alerts_to: str = "operators@proctorwise.example"
    airflow_mail_from: str = "ProctorWise <no-reply@proctorwise.example>"
    airflow_retry_delay: timedelta = timedelta(minutes=5)  # doubles with each retry
    ready_within: Annotated[float, Field(gt=0)] = 240.0  # seconds until a part must answer

    @field_validator("var_dir", "cache_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @property
    def run_dir(self) -> Path:
        """Locks, sockets, the keeper's account of its members."""
        return self.var_dir / "run"

    @property
    def log_dir(self) -> Path:
        """One log per member."""
        return self.var_dir / "log"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper while the stack runs."""
        return self.run_dir / "keeper.lock"
