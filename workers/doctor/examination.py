"""Runs all checks at once, each bounded in time; one that fails in a way nobody foresaw is a finding, too."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

from pydantic import SecretStr

from schema.settings import Settings
from workers.doctor import (
    configuration,
    database,
    detection,
    event,
    job,
    lag,
    machine,
    mail,
    orphan,
    service,
    store,
    temporal,
)
from workers.doctor.finding import About, Finding

Check = Callable[[Settings], Awaitable[Sequence[Finding]]]

LIMIT = timedelta(seconds=20)
CHECKS: Mapping[str, Check] = {
    "settings": configuration.check,
    "machine": machine.check,
    "temporal": temporal.check,
    "databases": database.check,
    "workflows": orphan.check,
    "service": service.check,
    "store": store.check,
    "kafka": event.check,
    "mail": mail.check,
    "mail after a restore": mail.check_restored,
    "detection": detection.check,
    "lag": lag.check,
    "jobs": job.check,
}
HIDDEN = "…"
SHORTEST_SECRET = 3  # characters; hiding less would tear words apart and protect nothing


async def examine(
    settings: Settings, checks: Mapping[str, Check] = CHECKS, limit: timedelta = LIMIT
) -> tuple[Finding, ...]:
    """All findings, in the order of the checks; no secret of the settings is in any of them."""
    found = await asyncio.gather(*(_bounded(part, check, settings, limit) for part, check in checks.items()))
    secrets = _secrets(settings)
    return tuple(_without(secrets, finding) for findings in found for finding in findings)


async def _bounded(part: str, check: Check, settings: Settings, limit: timedelta) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(limit.total_seconds()):
            return await check(settings)
    except TimeoutError:
        said = f"it did not answer within {limit.total_seconds():.0f} s"
        return (About(part, part).bad(said, "See whether it is overloaded, or a firewall swallows packets."),)
    except Exception as trouble:
        # Whatever is broken, the other parts are still looked at.
        said = f"the check itself failed: {type(trouble).__name__}: {trouble}"
        return (
            About(part, part).bad(said, "Look at its log; and report this, for it should be said better."),
        )


def _secrets(settings: Settings) -> tuple[str, ...]:
    """Secret values and what stands in them: a password of an address may come back in a vendor's message."""
    values = {
        value.get_secret_value()
        for name in type(settings).model_fields
        if isinstance(value := getattr(settings, name), SecretStr)
    }
    passwords = set(database.passwords(settings))
    worth_hiding = (value for value in values | passwords if len(value) >= SHORTEST_SECRET)
    return tuple(sorted(worth_hiding, key=len, reverse=True))


def _without(secrets: Sequence[str], finding: Finding) -> Finding:
    said, advice = finding.said, finding.advice
    for secret in secrets:
        said, advice = said.replace(secret, HIDDEN), advice.replace(secret, HIDDEN)
    return Finding(finding.part, finding.subject, finding.state, said, advice)
