"""Every setting of the product, read once at an entry point and passed on as values.

Names in the environment are these fields in capitals, without a prefix. `.env.example` lists them all.
"""

import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from schema.database_address import check_pattern, with_schema
from schema.payload_key import parse_keys
from schema.production import Insecure, insecurities, refusal

# The most that the limits of a frame can be set to; whatever decodes frames is made for these.
MOST_FRAME_BYTES = 4_000_000
LARGEST_FRAME = 4_096 * 4_096  # pixels
LONGEST_SIDE = 8_192

DEVELOPMENT_SECRET = "development-only-change-me"  # noqa: S105 - refused outside development


class Part(StrEnum):
    """The six parts of the API."""

    RESERVATIONS = "reservations"
    USERS = "users"
    MONITORING = "monitoring"
    CORRECTIONS = "corrections"
    NOTIFICATIONS = "notifications"
    ANALYTICS = "analytics"


PART_PORTS: dict[Part, int] = {
    Part.RESERVATIONS: 8000,
    Part.USERS: 8001,
    Part.MONITORING: 8003,
    Part.CORRECTIONS: 8004,
    Part.NOTIFICATIONS: 8005,
    Part.ANALYTICS: 8006,
}


class Settings(BaseSettings):
    """All settings with their defaults for one machine in development."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True)

    environment: Literal["development", "production"] = "development"
    var_dir: Path = Path("var")
    public_url: str = "http://localhost:8000"
    api_host: str = "127.0.0.1"
    api_port: int = 8000
    node_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")] = "node-1"

    # Secrets; the development defaults are refused in production.
    jwt_secret: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    internal_token: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    # "keyid:base64,keyid:base64"; the first one encrypts; empty is off.
    payload_keys: SecretStr = SecretStr("")
    access_token_life: timedelta = timedelta(minutes=15)
    refresh_token_life: timedelta = timedelta(days=14)
    demo_accounts: bool = True  # development only
    # What production refuses and this installation allows all the same; names separated by commas
    allow_insecure: Annotated[tuple[Insecure, ...], NoDecode] = ()

    # Temporal
    temporal_embedded: bool = True
    temporal_address: str = "127.0.0.1:7233"
    # The host of public_url, so that the browser sends its cookies to the codec endpoint.
    temporal_ui_url: str = "http://localhost:8233"
    temporal_namespace: str = "proctorwise"
    temporal_retention_days: Annotated[int, Field(ge=30)] = 90
    # How processes prove at Temporal who they are: a key, or a certificate; both travel in TLS only
    temporal_api_key: SecretStr = SecretStr("")
    temporal_tls: bool = False
    temporal_tls_ca: str = ""  # files; empty is the system's authorities, and no certificate of our own
    temporal_tls_cert: str = ""
    temporal_tls_key: str = ""

    # Databases: one URL pattern with {schema}, maybe of several hosts; empty means SQLite files under var_dir/db
    database_url: SecretStr = SecretStr("")

    # Copies of the databases; empty is the folder backup in var_dir
    backup_dir: str = ""
    backup_keep: Annotated[int, Field(ge=1)] = 14  # days

    # Store, events, mail
    use_local_storage: bool = True  # false is HDFS
    # WebHDFS of the name node, "http://namenode:9870"; several, separated by commas, where one stands by
    hdfs_url: str = ""
    hdfs_user: str = "proctorwise"
    hdfs_root: Annotated[str, Field(pattern=r"^(/[A-Za-z0-9_=+-][A-Za-z0-9._=+-]*)+$")] = "/lake"
    # How long events are gathered before they become an object in HDFS, which suffers from small files
    lake_flush: timedelta = timedelta(seconds=60)
    use_mock_senders: bool = True
    # "host:port,host:port"; empty is no Kafka
    kafka_bootstrap: str = ""
    kafka_partitions: Annotated[int, Field(ge=1, le=1000)] = 6
    kafka_replication: Annotated[int, Field(ge=1, le=10)] = 1
    kafka_retention: timedelta = timedelta(days=30)
    enable_kafka_consumer: bool = False
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 1025
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    mail_from: str = "ProctorWise <no-reply@proctorwise.example>"

    # Detection
    detection_runtime: Literal["openvino", "reference"] = "openvino"
    models_dir: Path = Path("models")
    sample_media_dir: Path = Path("../shared")
    ml_processes: Annotated[int, Field(ge=0, le=64)] = 1
    ml_capacity: Annotated[int, Field(ge=1, le=1000)] = 80  # attempts watched at once by one process
    internal_api_url: str = "http://127.0.0.1:8000"

    # Streams
    max_frame_bytes: Annotated[int, Field(ge=10_000, le=MOST_FRAME_BYTES)] = 200_000
    max_frame_pixels: Annotated[int, Field(ge=64 * 64, le=LARGEST_FRAME)] = 1_920 * 1_080
    max_frame_side: Annotated[int, Field(ge=64, le=LONGEST_SIDE)] = 4_096
    min_frame_side: Annotated[int, Field(ge=16, le=640)] = 64
    frame_window: int = 900  # frames that may be unacknowledged
    spool_segment_seconds: int = 120
    spool_segment_bytes: int = 16 * 2**20

    # Outages: how often each process marks that it serves (0 is never: nothing is measured then, nothing given back),
    # the longest gap between marks that is none, and how long a browser may take to reach another API node
    service_mark_every: timedelta = timedelta(seconds=1)
    outage_tolerance: timedelta = timedelta(seconds=4)
    outage_failover: timedelta = timedelta(minutes=10)

    # How long an exam keeps each class of data at least; below that only an admin publishes
    retention_media_least: Annotated[timedelta, Field(ge=timedelta(0))] = timedelta(days=7)
    retention_features_least: Annotated[timedelta, Field(ge=timedelta(0))] = timedelta(days=30)
    retention_decision_log_least: Annotated[timedelta, Field(ge=timedelta(0))] = timedelta(days=180)

    # Limits
    max_body_bytes: int = 2 * 2**20
    rate_limits: bool = True
    # Proxies, as addresses or networks, whose X-Forwarded-For is believed; empty believes nobody
    trusted_proxies: str = ""
    trusted_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]", "testserver")

    @field_validator("sample_media_dir", "models_dir", "var_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("allow_insecure", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        return (
            tuple(name.strip() for name in value.split(",") if name.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("payload_keys")
    @classmethod
    def _readable_keys(cls, value: SecretStr) -> SecretStr:
        parse_keys(value.get_secret_value())
        return value

    @field_validator("database_url")
    @classmethod
    def _readable_address(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            check_pattern(value.get_secret_value())
        return value

    @model_validator(mode="before")
    @classmethod
    def _addresses_follow_the_port(cls, data: Any) -> Any:
        """Whoever moves the API's port moves its addresses, unless they say otherwise."""
        if isinstance(data, dict) and "api_port" in data:
            port = data["api_port"]
            addresses = {
                "public_url": f"http://localhost:{port}",
                "internal_api_url": f"http://127.0.0.1:{port}",
            }
            return {**addresses, **data}
        return data

    @model_validator(mode="after")
    def _a_store(self) -> Self:
        if self.use_local_storage:
            return self
        urls = self.hdfs_url.split(",")
        if not all(re.fullmatch(r"https?://[^/\s]+/?", url.strip()) for url in urls):
            said = "the name node's WebHDFS address, such as http://namenode:9870"
            raise ValueError(f"USE_LOCAL_STORAGE=false needs HDFS_URL: {said}; not {self.hdfs_url!r}")
        return self

    @model_validator(mode="after")
    def _secure_in_production(self) -> Self:
        if self.environment == "development":
            return self
        for name in ("jwt_secret", "internal_token"):
            value = getattr(self, name).get_secret_value()
            if value == DEVELOPMENT_SECRET or len(value) < 32:
                raise ValueError(f"{name.upper()} must be a secret of at least 32 characters in production")
        if self.demo_accounts:
            raise ValueError("DEMO_ACCOUNTS must be false in production")
        refused = [kind for kind in insecurities(self) if kind not in self.allow_insecure]
        if refused:
            raise ValueError("\n".join(refusal(kind) for kind in refused))
        return self

    @model_validator(mode="after")
    def _whole_certificate(self) -> Self:
        if bool(self.temporal_tls_cert) != bool(self.temporal_tls_key):
            raise ValueError("TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY belong together: set both or none")
        return self

    @model_validator(mode="after")
    def _no_consumer_without_broker(self) -> Self:
        if self.enable_kafka_consumer and not self.kafka_bootstrap:
            raise ValueError("ENABLE_KAFKA_CONSUMER needs KAFKA_BOOTSTRAP: the lake would get no events")
        return self

    @property
    def authenticates_at_temporal(self) -> bool:
        """Whether Temporal can tell our processes from anybody else's."""
        return bool(self.temporal_api_key.get_secret_value() or self.temporal_tls_cert)

    @property
    def retention_least(self) -> dict[str, timedelta]:
        """The institution's minimum by the names of an exam's policy."""
        return {
            "media": self.retention_media_least,
            "features": self.retention_features_least,
            "decision_log": self.retention_decision_log_least,
        }

    @property
    def lake_dir(self) -> Path:
        """Where the embedded lake keeps its objects."""
        return self.var_dir / "lake"

    @property
    def spool_dir(self) -> Path:
        """Where this API node spools streams."""
        return self.var_dir / "spool" / self.node_id

    @property
    def outbox_dir(self) -> Path:
        """Where the mock sender writes .eml files."""
        return self.var_dir / "mail"

    @property
    def backup_folder(self) -> Path:
        """Where copies of the databases are kept, a folder a day."""
        return Path(self.backup_dir).expanduser().resolve() if self.backup_dir else self.var_dir / "backup"

    def database_url_of(self, schema: str) -> str:
        """The SQLAlchemy URL of a schema (`users`, `reservations`, …)."""
        pattern = self.database_url.get_secret_value()
        if pattern:
            return with_schema(pattern, schema)
        return f"sqlite+aiosqlite:///{self.var_dir / 'db' / f'{schema}.sqlite3'}"


def settings_or_exit() -> Settings:
    """The settings; ends an entry point's process with a line for each one that is wrong."""
    try:
        return Settings()
    except SettingsError as error:  # a list that is not JSON
        raise SystemExit(f"{error}; write lists as JSON") from None
    except ValidationError as error:
        raise SystemExit(
            "\n".join(_complaint(problem["loc"], problem["msg"]) for problem in error.errors())
        ) from None


def _complaint(where: tuple[int | str, ...], what: str) -> str:
    said = what.removeprefix("Value error, ")
    name = ".".join(str(part) for part in where).upper()
    return f"{name}: {said}" if name else said
