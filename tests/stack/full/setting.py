"""The settings of a product on the stack, with databases and a lake that no other test uses."""

import shlex
from pathlib import Path

import aiomysql

from schema.db.schemas import METADATA
from schema.settings import Settings
from tests.product.product import PROJECT
from tests.stack.running import RunningStack
from workers.stack.galera import LETTERS, USER

LAKE = "/full"


def told_by(stack: RunningStack) -> dict[str, str]:
    """What `stack env` tells a shell."""
    lines = stack.ask("env").stdout.splitlines()
    words = [shlex.split(line) for line in lines]
    assert all(word == "export" for word, _ in words)
    return dict(assignment.split("=", 1) for _, assignment in words)


def settings_on(stack: RunningStack, folder: Path) -> Settings:
    """As a shell with `stack env` has them, moved to a place of their own."""
    told = {name.lower(): value for name, value in told_by(stack).items()}
    database_url = told["database_url"].replace("/{schema}", "/proctorwise_full_{schema}")
    moved = {
        "var_dir": folder / "var",
        "models_dir": PROJECT / "models",
        "database_url": database_url,
        "hdfs_root": LAKE,
        "lake_flush": "PT2S",
        "rate_limits": False,
    }
    return Settings(_env_file=None, **{**told, **moved})  # type: ignore[arg-type]


async def make_databases(stack: RunningStack, settings: Settings) -> None:
    """The six, empty, as the stack makes its own."""
    link = await aiomysql.connect(
        host="127.0.0.1",
        port=stack.ports.galera_sql(1),
        user=USER,
        password=stack.password,
        autocommit=True,
    )
    try:
        async with link.cursor() as cursor:
            for schema in METADATA:
                name = database_of(settings, schema)
                await cursor.execute(f"CREATE OR REPLACE DATABASE {name} {LETTERS}")
    finally:
        await link.ensure_closed()


def database_of(settings: Settings, schema: str) -> str:
    """The name of a schema's database."""
    return settings.database_url_of(schema).partition("?")[0].rpartition("/")[2]
