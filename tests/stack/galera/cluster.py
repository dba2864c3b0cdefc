"""The stack's Galera as the product's settings name it, with databases of a test session's own."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiomysql

from schema.db.engine import nodes_for, urls_of
from schema.db.schemas import METADATA
from tests.db.database import addresses_of
from tests.stack.running import RunningStack
from workers.stack.galera import LETTERS, NODES, USER
from workers.stack.port import HOST

Row = tuple[object, ...]


@dataclass(frozen=True)
class Cluster:
    """Three nodes. `named` tells the databases of one use from those of another."""

    stack: RunningStack
    named: str = f"t{os.getpid()}"

    def pattern(self, nodes: Sequence[int] = NODES) -> str:
        """DATABASE_URL, over some nodes in this order."""
        hosts = ",".join(f"{HOST}:{self.port(node)}" for node in nodes)
        return f"mysql+aiomysql://{USER}:{self.stack.password}@{hosts}/proctorwise_{self.named}_{{schema}}?charset=utf8mb4"

    def addresses(self, nodes: Sequence[int] = NODES) -> Callable[[str], str]:
        return addresses_of(self.pattern(nodes))

    def preferring(self, node: int) -> Callable[[str], str]:
        """Addresses over all nodes, in an order that lets every schema prefer this one."""

        def address(schema: str) -> str:
            turned = [self.addresses([*NODES[turn:], *NODES[:turn]])(schema) for turn in range(len(NODES))]
            return next(each for each in turned if nodes_for(urls_of(each)).preferred.port == self.port(node))

        return address

    def port(self, node: int) -> int:
        return self.stack.ports.galera_sql(node)

    def database(self, schema: str) -> str:
        return f"proctorwise_{self.named}_{schema}"

    async def make(self) -> None:
        """Empty databases, whatever was there before."""
        for schema in METADATA:
            await self.ask(1, f"CREATE OR REPLACE DATABASE {self.database(schema)} {LETTERS}")
        for node in NODES:
            await self.ask(node, "SET SESSION wsrep_sync_wait = 1", "SELECT 1")

    async def drop(self) -> None:
        for schema in METADATA:
            await self.ask(1, f"DROP DATABASE {self.database(schema)}")

    async def clear(self) -> None:
        """No rows, in tables that stay."""
        tables = [
            f"{self.database(name)}.{table}" for name, data in METADATA.items() for table in data.tables
        ]
        rows_in = "SELECT '{0}' FROM DUAL WHERE EXISTS (SELECT 1 FROM {0})"
        filled = " UNION ALL ".join(rows_in.format(table) for table in tables)
        for (table,) in await self.ask(1, "SET SESSION wsrep_sync_wait = 7", filled):
            await self.ask(1, f"DELETE FROM {table}")  # noqa: S608 - our own name

    async def ask(self, node: int, *statements: str) -> list[Row]:
        """Rows of the last statement."""
        link = await aiomysql.connect(
            host=HOST, port=self.port(node), user=USER, password=self.stack.password, autocommit=True
        )
        try:
            async with link.cursor() as cursor:
                for statement in statements:
                    await cursor.execute(statement)
                return list(await cursor.fetchall())
        finally:
            await link.ensure_closed()
