"""Settings for admins: where each value comes from, and never a secret."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.analytics.setting import GROUPS
from api.app import create_app
from schema.db.session import Databases
from schema.role import Role
from schema.setting_source import SettingSource, sources_of
from schema.settings import Part, Settings
from tests.api.conftest import serving
from tests.api.house import House, MovableClock

URL = "/api/analytics/settings"
SECRET = "a secret that nobody may ever see"


def with_secrets(settings: Settings) -> Settings:
    secrets = {"jwt_secret": SecretStr(SECRET), "smtp_password": SecretStr(SECRET)}
    address = SecretStr("mysql+aiomysql://me:word@db1/{schema}")
    hdfs = "http://me:word@namenode:9870"
    return settings.model_copy(update={**secrets, "database_url": address, "hdfs_url": hdfs})


async def test_values_have_sources_and_secrets_are_only_set_or_not(
    settings: Settings, databases: Databases, clock: MovableClock
) -> None:
    parts = frozenset({Part.ANALYTICS, Part.USERS})
    app = create_app(with_secrets(settings), parts, databases=databases, clock=clock, pace=timedelta(0))
    async with serving(app) as client:
        house = House(client, app.state.context, clock)
        admin = await house.person(Role.ADMIN)

        answer = await client.get(URL, headers=admin.headers)
        others = [
            (await client.get(URL, headers=(await house.person(role)).headers)).status_code
            for role in (Role.PROCTOR, Role.AUTHOR, Role.STUDENT)
        ]

    assert others == [403, 403, 403]
    found = {one["name"]: one for one in answer.json()["settings"]}
    assert SECRET not in answer.text
    assert "word" not in json.dumps([found["DATABASE_URL"], found["HDFS_URL"]])
    assert found["JWT_SECRET"] == {
        "name": "JWT_SECRET",
        "group": "secrets",
        "value": None,
        "is_secret": True,
        "is_set": True,
        "source": "given",
    }
    assert (found["PAYLOAD_KEYS"]["value"], found["PAYLOAD_KEYS"]["is_set"]) == (None, False)
    assert found["HDFS_URL"]["value"] == "http://…@namenode:9870"
    assert (found["SMTP_PORT"]["value"], found["SMTP_PORT"]["source"]) == ("1025", "default")
    assert (found["USE_MOCK_SENDERS"]["value"], found["LAKE_FLUSH"]["value"]) == ("true", "PT1M")
    assert (found["VAR_DIR"]["value"], found["VAR_DIR"]["source"]) == (str(settings.var_dir), "given")


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("SMTP_HOST=mail.example\nAPI_PORT=8100\nSMTP_USER=file\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SMTP_USER", "environment")

    settings = Settings()
    sources = sources_of(settings)

    assert (settings.smtp_host, sources["smtp_host"]) == ("mail.example", SettingSource.FILE)
    assert (settings.smtp_user, sources["smtp_user"]) == ("environment", SettingSource.ENVIRONMENT)
    assert (settings.public_url, sources["public_url"]) == ("http://localhost:8100", SettingSource.GIVEN)
    assert sources["smtp_port"] is SettingSource.DEFAULT


def test_every_setting_is_in_one_group_and_described_in_every_language() -> None:
    grouped = [name for names in GROUPS.values() for name in names]

    assert sorted(grouped) == sorted(Settings.model_fields)
    for language in ("en", "de"):
        texts = json.loads(Path(f"api/static/text/{language}/setting.json").read_text())
        assert set(texts["about"]) == {name.upper() for name in grouped}
        assert set(GROUPS) <= set(texts["group"])
