"""The settings themselves: what is public that should be secret, and whether people can reach the address they get."""

import asyncio
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from schema.production import REFUSALS, Insecure, insecurities
from schema.settings import DEVELOPMENT_SECRET, Settings
from workers.doctor.finding import About, Finding

ASK_SECONDS = 5.0
PUBLIC = About("settings", "PUBLIC_URL")


async def check(settings: Settings) -> Sequence[Finding]:
    """Secrets, encryption, and the two addresses of the API."""
    own = (_secrets(settings), _encryption(settings), *_allowed(settings), *_proxies(settings))
    asked = await asyncio.gather(_public(settings), _internal(settings))
    return (*own, *asked)


def is_loopback(host: str | None) -> bool:
    """Whether only this machine reaches that address."""
    if host is None or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _secrets(settings: Settings) -> Finding:
    about = About("settings", "secrets")
    secrets = (settings.jwt_secret, settings.internal_token)
    if all(secret.get_secret_value() != DEVELOPMENT_SECRET for secret in secrets):
        return about.good("JWT_SECRET and INTERNAL_TOKEN are this installation's own")
    if is_loopback(settings.api_host):
        return about.good("development secrets, which everybody knows; this machine alone is served")
    said = f"the API listens at {settings.api_host} with secrets that everybody knows"
    return about.bad(
        said, "Set JWT_SECRET and INTERNAL_TOKEN (openssl rand -hex 32) and ENVIRONMENT=production."
    )


def _encryption(settings: Settings) -> Finding:
    about = About("settings", "PAYLOAD_KEYS")
    if settings.payload_keys.get_secret_value():
        return about.good("what Temporal stores is encrypted")
    if settings.environment == "development":
        return about.off("what Temporal stores is readable there")
    said = "what Temporal stores can be read by whoever reads its database"
    return about.doubt(said, "Set PAYLOAD_KEYS; see .env.example.")


def _allowed(settings: Settings) -> Iterator[Finding]:
    about = About("settings", "ALLOW_INSECURE")
    if settings.environment == "production":
        for kind in insecurities(settings):
            yield about.doubt(f"{kind} is allowed: {REFUSALS[kind]}", f"Put it right, then take {kind} away.")
    if Insecure.PLAINTEXT_PAYLOADS in settings.allow_insecure:
        said = "payloads that nobody with a key wrote are taken"
        yield about.doubt(said, "Take plaintext_payloads away when the exams from before the keys are over.")


def _proxies(settings: Settings) -> Iterator[Finding]:
    if settings.public_url.startswith("https:") and not settings.trusted_proxies:
        said = (
            "people come through a proxy that is not named, so all of them share one address and its limits"
        )
        yield About("settings", "TRUSTED_PROXIES").doubt(
            said, "Write the proxy's address as the API sees it."
        )


async def _public(settings: Settings) -> Finding:
    host = (urlsplit(settings.public_url).hostname or "").lower()
    trusted = {name.strip("[]").lower() for name in settings.trusted_hosts}
    if host not in trusted:
        said = f"people are sent to {settings.public_url}, whose host the API refuses"
        return PUBLIC.bad(said, f'Add "{host}" to TRUSTED_HOSTS, or mend PUBLIC_URL.')
    if settings.public_url.startswith("http:") and not is_loopback(host):
        said = f"{settings.public_url} is not encrypted: browsers give no camera there"
        return PUBLIC.bad(said, "Put a proxy with TLS in front, and write https:// into PUBLIC_URL.")
    return await _answers(PUBLIC, settings.public_url, "healthz")


async def _internal(settings: Settings) -> Finding:
    return await _answers(About("settings", "INTERNAL_API_URL"), settings.internal_api_url, "readyz")


async def _answers(about: About, address: str, page: str) -> Finding:
    """Nobody there on loopback is no fault: the product may be stopped."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=ASK_SECONDS) as client:
            answer = await client.get(f"{address.rstrip('/')}/{page}")
    except (httpx.HTTPError, httpx.InvalidURL) as trouble:
        if is_loopback(urlsplit(address).hostname):
            return about.off(f"nobody answers at {address} now", "`make run` starts the product.")
        said = f"nobody answers at {address}: {str(trouble) or type(trouble).__name__}"
        return about.bad(said, f"Start the API and its proxy, or mend {about.subject}.")
    if answer.status_code == httpx.codes.OK:
        return about.good(f"{address} answers")
    said = f"{address}/{page} answers {answer.status_code}"
    return about.bad(said, "A part that it needs is away; see the other lines, and the API's log.")
