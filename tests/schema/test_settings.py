"""Settings: what is wrong is said by name, no secret is ever quoted, and nothing unbuilt can be switched on."""

import base64

import pytest

from schema.settings import Settings, settings_or_exit

KEY = base64.b64encode(b"a" * 32).decode()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("API_PORT", "abc", "API_PORT: "),
        ("TEMPORAL_RETENTION_DAYS", "7", "TEMPORAL_RETENTION_DAYS: "),
        ("PAYLOAD_KEYS", KEY, "entry 1 of PAYLOAD_KEYS has no name"),
        ("TRUSTED_HOSTS", "localhost", "trusted_hosts.* write lists as JSON"),
        ("USE_LOCAL_STORAGE", "false", "USE_LOCAL_STORAGE=false needs HDFS_URL"),
        ("ENABLE_KAFKA_CONSUMER", "true", "ENABLE_KAFKA_CONSUMER needs KAFKA_BOOTSTRAP"),
        ("ENVIRONMENT", "production", "JWT_SECRET must be a secret of at least 32 characters"),
    ],
)
def test_a_wrong_setting_ends_the_process_in_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit, match=said) as ended:
        settings_or_exit()

    assert KEY not in str(ended.value)


def test_a_secret_that_is_too_short_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("JWT_SECRET", "hush-hush")

    with pytest.raises(SystemExit) as ended:
        settings_or_exit()

    assert "hush-hush" not in str(ended.value)


def test_addresses_follow_the_port_unless_they_say_otherwise() -> None:
    moved = Settings(_env_file=None, api_port=8100)
    told = Settings(_env_file=None, api_port=8100, public_url="https://exams.example.org")

    assert (moved.public_url, moved.internal_api_url) == ("http://localhost:8100", "http://127.0.0.1:8100")
    assert (told.public_url, told.internal_api_url) == ("https://exams.example.org", "http://127.0.0.1:8100")


@pytest.mark.parametrize(
    "url", ["namenode:9870", "hdfs://namenode:8020", "http://a:9870 http://b:9870", "http://a:1,"]
)
def test_an_address_that_is_no_webhdfs_is_quoted(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("USE_LOCAL_STORAGE", "false")
    monkeypatch.setenv("HDFS_URL", url)

    with pytest.raises(SystemExit) as ended:
        settings_or_exit()

    assert f"such as http://namenode:9870; not {url!r}" in str(ended.value)


def test_a_name_node_that_stands_by_may_be_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USE_LOCAL_STORAGE", "false")
    monkeypatch.setenv("HDFS_URL", "http://one:9870, https://two:9871/")

    assert not Settings(_env_file=None).use_local_storage
