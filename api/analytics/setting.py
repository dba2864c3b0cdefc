"""The settings this process runs with, to be read and not changed: each value with its source, never a secret."""

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field, SecretStr

from api.context import ContextOf
from api.security import require
from api.token import CurrentPerson
from schema.role import Role
from schema.setting_source import SettingSource, sources_of
from schema.settings import Settings

router = APIRouter()

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]

# What stands together on the screen; a setting that is in no group comes last.
GROUPS: dict[str, tuple[str, ...]] = {
    "installation": (
        "environment", "var_dir", "public_url", "api_host", "api_port", "node_id", "trusted_hosts",
    ),
    "secrets": (
        "jwt_secret", "internal_token", "payload_keys", "access_token_life", "refresh_token_life", "demo_accounts",
        "allow_insecure",
    ),
    "temporal": (
        "temporal_embedded", "temporal_address", "temporal_ui_url", "temporal_namespace", "temporal_retention_days",
        "temporal_api_key", "temporal_tls", "temporal_tls_ca", "temporal_tls_cert", "temporal_tls_key",
    ),
    "data": (
        "database_url", "backup_dir", "backup_keep", "use_local_storage", "hdfs_url", "hdfs_user", "hdfs_root",
        "lake_flush", "kafka_bootstrap", "kafka_partitions", "kafka_replication", "kafka_retention",
        "enable_kafka_consumer", "retention_media_least", "retention_features_least", "retention_decision_log_least",
    ),
    "mail": (
        "use_mock_senders", "smtp_host", "smtp_port", "smtp_user", "smtp_password", "smtp_tls", "mail_from",
    ),
    "detection": (
        "detection_runtime", "models_dir", "sample_media_dir", "ml_processes", "ml_capacity", "internal_api_url",
    ),
    "streams": (
        "max_frame_bytes", "max_frame_pixels", "max_frame_side", "min_frame_side", "frame_window",
        "spool_segment_seconds", "spool_segment_bytes",
    ),
    "outages": ("service_mark_every", "outage_tolerance", "outage_failover"),
    "limits": ("max_body_bytes", "rate_limits", "trusted_proxies"),
}  # fmt: skip
OTHER = "other"
CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@")


class SettingView(BaseModel):
    """One setting. Of a secret it is said only whether there is one."""

    name: str = Field(description="Of the variable, in the environment or the file", examples=["SMTP_HOST"])
    group: str = Field(examples=["mail"])
    value: str | None = Field(description="As the file writes it; null for a secret")
    is_secret: bool
    is_set: bool = Field(description="Whether there is a value at all; empty is none")
    source: SettingSource


class SettingsView(BaseModel):
    """All settings of the process that answers; others may have been started with others."""

    node_id: str
    settings: list[SettingView]


@dataclass(frozen=True, slots=True)
class KnownSettings:
    """Where the values came from when the process began."""

    sources: dict[str, SettingSource]

    @classmethod
    def of(cls, settings: Settings) -> "KnownSettings":
        """As it is now."""
        return cls(sources_of(settings))


@router.get("/settings", summary="The settings of this process")
async def show_settings(_me: Admin, context: ContextOf) -> SettingsView:
    """Every setting with its group, value and source; of secrets only whether they are set. For admins."""
    sources = context.kept(KnownSettings).sources
    grouped = {name: group for group, names in GROUPS.items() for name in names}
    order = [*grouped, *(name for name in Settings.model_fields if name not in grouped)]
    shown = [_view(context.settings, name, grouped.get(name, OTHER), sources[name]) for name in order]
    return SettingsView(node_id=context.settings.node_id, settings=shown)


def _view(settings: Settings, name: str, group: str, source: SettingSource) -> SettingView:
    value: Any = getattr(settings, name)
    is_secret = isinstance(value, SecretStr)
    text = value.get_secret_value() if is_secret else _written(settings, name)
    return SettingView(
        name=name.upper(),
        group=group,
        value=None if is_secret else CREDENTIALS.sub("…@", text),
        is_secret=is_secret,
        is_set=bool(text),
        source=source,
    )


def _written(settings: Settings, name: str) -> str:
    value = settings.model_dump(mode="json", include={name})[name]
    return value if isinstance(value, str) else json.dumps(value)
