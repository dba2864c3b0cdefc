"""What an installation in production must not be, unless its operator allows it by name (ALLOW_INSECURE)."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

from pydantic import SecretStr

TEST_HOST = "testserver"


class Insecure(StrEnum):
    """What ALLOW_INSECURE may name."""

    MOCK_MAIL = "mock_mail"
    EMPTY_PAYLOAD_KEYS = "empty_payload_keys"
    HTTP_PUBLIC_URL = "http_public_url"
    TEST_HOST = "testserver"
    TEMPORAL_WITHOUT_AUTHENTICATION = "temporal_without_authentication"
    PLAINTEXT_PAYLOADS = "plaintext_payloads"  # everywhere, not in production alone: see workers/codec.py


REFUSALS = {
    Insecure.MOCK_MAIL: "USE_MOCK_SENDERS=true delivers no mail; set it to false and name a server in SMTP_HOST",
    Insecure.EMPTY_PAYLOAD_KEYS: "PAYLOAD_KEYS is empty, so whoever reads Temporal's database reads exams;"
    ' set a key: echo "k1:$(openssl rand -base64 32)"',
    Insecure.HTTP_PUBLIC_URL: "PUBLIC_URL is not https://, so passwords travel in clear and browsers give no camera;"
    " put a proxy with TLS in front and write its address",
    Insecure.TEST_HOST: f'TRUSTED_HOSTS holds "{TEST_HOST}", a name for tests; list the names people use',
    Insecure.TEMPORAL_WITHOUT_AUTHENTICATION: "Temporal is used without authentication, so whoever reaches its port"
    " steers exams; set TEMPORAL_API_KEY, or TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY",
}


class Installation(Protocol):
    """The settings that are looked at."""

    @property
    def use_mock_senders(self) -> bool: ...
    @property
    def payload_keys(self) -> SecretStr: ...
    @property
    def public_url(self) -> str: ...
    @property
    def trusted_hosts(self) -> tuple[str, ...]: ...
    @property
    def authenticates_at_temporal(self) -> bool: ...


def insecurities(installation: Installation) -> Iterator[Insecure]:
    """What an installation in production is that it should not be."""
    if installation.use_mock_senders:
        yield Insecure.MOCK_MAIL
    if not installation.payload_keys.get_secret_value().strip(" ,"):
        yield Insecure.EMPTY_PAYLOAD_KEYS
    if not installation.public_url.lower().startswith("https://"):
        yield Insecure.HTTP_PUBLIC_URL
    if TEST_HOST in {host.strip().lower() for host in installation.trusted_hosts}:
        yield Insecure.TEST_HOST
    if not installation.authenticates_at_temporal:
        yield Insecure.TEMPORAL_WITHOUT_AUTHENTICATION


def refusal(kind: Insecure) -> str:
    """What is wrong, how it is put right, and by which name it can be allowed all the same."""
    return f"in production {REFUSALS[kind]} (or allow it by name: ALLOW_INSECURE={kind})"
