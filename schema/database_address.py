"""Reads a database's address, which may name several hosts; no message of this module shows any part of it."""

import re

DRIVERS = ("mysql+aiomysql", "mariadb+aiomysql")
_SHAPE = re.compile(r"(?P<before>[a-z+]+://(?:[^/@]*@)?)(?P<hosts>[^/@]+)(?P<after>/[^?@/]+(?:\?.*)?)")
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?")
_UNREADABLE = (
    "it cannot be read; write it as mysql+aiomysql://account:password@host:port,host:port/{schema}?charset=utf8mb4, "
    "and the signs @ : / ? # % of a password as %40 %3A %2F %3F %23 %25"
)


def with_schema(pattern: str, schema: str) -> str:
    """A schema's address. A database that is named `{schema}` and nothing else is `proctorwise_users` and so on."""
    is_alone = re.search(r"/\{schema\}(\?|$)", pattern)
    return pattern.replace("{schema}", f"proctorwise_{schema}" if is_alone else schema)


def one_each(address: str) -> tuple[str, ...]:
    """An address for each host, in the order they are named. Raises ValueError, in words for an operator."""
    if address.startswith("sqlite"):
        return (address,)
    if not address.startswith(tuple(f"{driver}://" for driver in DRIVERS)):
        raise ValueError(f"it must begin with {DRIVERS[0]}://")
    found = _SHAPE.fullmatch(address)
    if found is None:
        raise ValueError(_UNREADABLE)
    hosts = found["hosts"].split(",")
    for number, host in enumerate(hosts, 1):
        _check(number, host)
    return tuple(f"{found['before']}{host}{found['after']}" for host in hosts)


def check_pattern(pattern: str) -> None:
    """Raises ValueError for what cannot be the addresses of six schemas."""
    for address in one_each(pattern):
        if "{schema}" not in address.partition("?")[0].rpartition("/")[2]:
            raise ValueError("name the database {schema}: each of the six schemas has one of its own")


def _check(number: int, text: str) -> None:
    found = _HOST.fullmatch(text)
    if found is None or not 0 < int(found["port"] or 1) < 2**16:
        raise ValueError(f"its host number {number} is not like host:port; separate several by a comma alone")
