"""Addresses of databases: several hosts, a schema's own name, and no secret in a complaint."""

import pytest
from pydantic import SecretStr, ValidationError

from schema.database_address import check_pattern, one_each, with_schema
from schema.settings import Settings

BEFORE, AFTER = "mysql+aiomysql://account:p%40ss@", "/{schema}?charset=utf8mb4"


def test_each_host_has_an_address_of_its_own() -> None:
    assert one_each(f"{BEFORE}one:1,two,[::1]:3{AFTER}") == tuple(
        f"{BEFORE}{host}{AFTER}" for host in ("one:1", "two", "[::1]:3")
    )


def test_files_are_left_as_they_are() -> None:
    assert one_each("sqlite+aiosqlite:////tmp/a@b,c.sqlite3") == ("sqlite+aiosqlite:////tmp/a@b,c.sqlite3",)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("/{schema}", "proctorwise_users"),
        ("/{schema}?charset=utf8mb4", "proctorwise_users"),
        ("/proctorwise_{schema}", "proctorwise_users"),
        ("/trial_{schema}?charset=utf8mb4", "trial_users"),
    ],
)
def test_a_schema_has_a_database_of_its_own(pattern: str, name: str) -> None:
    assert with_schema(f"{BEFORE}h{pattern}", "users").partition("h/")[2].partition("?")[0] == name


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://account:secret@h/{schema}",
        "mysql+aiomysql://account:sec/ret@h/{schema}",
        "mysql+aiomysql://account:12/secret@h/{schema}",
        "mysql+aiomysql://account:sec@ret@h/{schema}",
        "mysql+aiomysql://account:secret@h:99999/{schema}",
        "mysql+aiomysql://account:secret@h:1, i:2/{schema}",
        "mysql+aiomysql://account:secret@h,/{schema}",
        "mysql+aiomysql://account:secret@h",
        "mysql+aiomysql://account:secret@h/one_for_all",
        "secret",
    ],
)
def test_what_cannot_be_read_is_refused_without_telling_it(address: str) -> None:
    with pytest.raises(ValueError, match=r"it|host|database") as refused:
        check_pattern(address)
    with pytest.raises(ValidationError) as refused_too:
        Settings(_env_file=None, database_url=SecretStr(address))

    for told in (str(refused.value), str(refused_too.value)):
        assert not any(part in told for part in ("sec", "ret", "12/"))
