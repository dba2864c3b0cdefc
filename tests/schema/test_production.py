"""In production each danger is refused in words, alone and together, unless it is allowed by its name."""

import base64
from typing import Any

import pytest
from pydantic import ValidationError

from schema.production import Insecure
from schema.settings import Settings, settings_or_exit

SAFE: dict[str, Any] = {
    "environment": "production",
    "demo_accounts": False,
    "jwt_secret": "j" * 32,
    "internal_token": "i" * 32,
    "payload_keys": "k1:" + base64.b64encode(b"a" * 32).decode(),
    "use_mock_senders": False,
    "public_url": "https://exams.example.org",
    "trusted_hosts": ["exams.example.org"],
    "temporal_api_key": "t" * 32,
}
DANGERS: dict[str, tuple[dict[str, Any], str]] = {
    "mock_mail": ({"use_mock_senders": True}, "USE_MOCK_SENDERS=true delivers no mail"),
    "empty_payload_keys": ({"payload_keys": " , "}, "PAYLOAD_KEYS is empty"),
    "http_public_url": ({"public_url": "http://localhost:8000"}, "PUBLIC_URL is not https://"),
    "testserver": (
        {"trusted_hosts": ["exams.example.org", "TestServer"]},
        'TRUSTED_HOSTS holds "testserver"',
    ),
    "temporal_without_authentication": ({"temporal_api_key": ""}, "Temporal is used without authentication"),
}


def settings(**changed: Any) -> Settings:
    return Settings(_env_file=None, **{**SAFE, **changed})


def test_a_safe_installation_starts() -> None:
    assert settings().environment == "production"


@pytest.mark.parametrize("name", DANGERS)
def test_each_danger_is_refused_with_the_name_that_allows_it(name: str) -> None:
    changed, said = DANGERS[name]

    with pytest.raises(ValidationError) as refused:
        settings(**changed, allow_insecure=",".join(set(DANGERS) - {name}))

    assert said in str(refused.value)
    assert f"ALLOW_INSECURE={name}" in str(refused.value)
    assert settings(**changed, allow_insecure=name).allow_insecure == (Insecure(name),)


def test_development_is_left_alone() -> None:
    assert Settings(_env_file=None, environment="development").use_mock_senders


def test_all_dangers_are_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ENVIRONMENT": "production", "DEMO_ACCOUNTS": "false"}.items():
        monkeypatch.setenv(name, value)
    for secret in ("JWT_SECRET", "INTERNAL_TOKEN"):
        monkeypatch.setenv(secret, "s" * 32)

    with pytest.raises(SystemExit) as ended:
        settings_or_exit()

    assert [name for name in DANGERS if f"ALLOW_INSECURE={name}" in str(ended.value)] == list(DANGERS)


def test_an_unknown_name_and_half_a_certificate_are_refused() -> None:
    with pytest.raises(ValidationError, match="mock_mail"):
        settings(allow_insecure="everything")
    with pytest.raises(ValidationError, match="belong together"):
        settings(temporal_tls_cert="client.pem")


def test_a_certificate_is_an_authentication_too() -> None:
    shown = settings(temporal_api_key="", temporal_tls_cert="client.pem", temporal_tls_key="client.key")

    assert shown.authenticates_at_temporal
