"""Where each setting's value came from, for people who look at a running system."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from schema.settings import Settings


class SettingSource(StrEnum):
    """What decided a value, the strongest first."""

    GIVEN = "given"  # by the program that started, or it follows from another setting
    ENVIRONMENT = "environment"
    FILE = "file"  # .env
    DEFAULT = "default"


def sources_of(settings: Settings) -> dict[str, SettingSource]:
    """The source of every setting. Ask when the process begins: the file may be edited later."""
    environment = EnvSettingsSource(Settings).env_vars
    file = DotEnvSettingsSource(Settings).env_vars
    return {
        name: _source(name, name in settings.model_fields_set, environment, file)
        for name in Settings.model_fields
    }


def _source(
    name: str, is_set: bool, environment: Mapping[str, str | None], file: Mapping[str, str | None]
) -> SettingSource:
    if not is_set:
        return SettingSource.DEFAULT
    if name in environment:
        return SettingSource.ENVIRONMENT
    return SettingSource.FILE if name in file else SettingSource.GIVEN
