"""The databases: each host that is named, and each schema with the revision it stands at."""

import asyncio
from collections.abc import Sequence
from urllib.parse import unquote

from sqlalchemy import URL

from schema.db.engine import urls_of
from schema.db.schemas import METADATA
from schema.settings import Settings
from workers.doctor.database_host import look_at_host
from workers.doctor.database_schema import look_at_schema
from workers.doctor.finding import About, Finding, State


async def check(settings: Settings) -> Sequence[Finding]:
    """Hosts first; schemas by the first host that answers."""
    if not settings.database_url.get_secret_value():
        return await _schemas(settings, None)
    urls = urls_of(settings.database_url_of(next(iter(METADATA))))
    hosts = await asyncio.gather(*(asyncio.to_thread(look_at_host, url, len(urls)) for url in urls))
    answering = [url for url, host in zip(urls, hosts, strict=True) if host.state is not State.BAD]
    if not answering:
        said = "not looked at: no host answers"
        return (*hosts, *(About("databases", schema).off(said) for schema in METADATA))
    return (*hosts, *await _schemas(settings, answering[0]))


def passwords(settings: Settings) -> Sequence[str]:
    """As they are written in the address and as they are: neither may be shown."""
    if not settings.database_url.get_secret_value():
        return ()
    found = [url.password for url in urls_of(settings.database_url_of(next(iter(METADATA)))) if url.password]
    return (*found, *(unquote(password) for password in found))


async def _schemas(settings: Settings, host: URL | None) -> Sequence[Finding]:
    """One after the other on a server, for the doctor is no load test."""
    return [
        await asyncio.to_thread(look_at_schema, schema, _at(settings.database_url_of(schema), host))
        for schema in METADATA
    ]


def _at(address: str, host: URL | None) -> URL:
    url = urls_of(address)[0]
    return url if host is None else url.set(host=host.host, port=host.port)
