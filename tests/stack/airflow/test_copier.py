"""The contract of DatabaseCopier on Galera: dumped from the last node that answers, brought back through the first."""

from collections.abc import Iterator

import pymysql
import pytest

from activities.adapters.mariadb_copier import MariadbCopier
from tests.contracts import test_copier as contract
from tests.stack.running import RunningStack
from workers.stack.galera import LETTERS, USER
from workers.stack.port import HOST

DATABASE = "proctorwise_copied_users"


class GaleraPlace:
    """A database of these tests alone."""

    def __init__(self, stack: RunningStack) -> None:
        self._stack = stack
        self.copier = MariadbCopier(lambda name: self.address(f"proctorwise_copied_{name}", (1, 2, 3)))
        self.ask(f"CREATE OR REPLACE DATABASE {DATABASE} {LETTERS}")

    def address(self, database: str, nodes: tuple[int, ...], password: str | None = None) -> str:
        hosts = ",".join(f"{HOST}:{self._stack.ports.galera_sql(node)}" for node in nodes)
        return (
            f"mysql+aiomysql://{USER}:{password or self._stack.password}@{hosts}/{database}?charset=utf8mb4"
        )

    def ask(self, statement: str, *values: object, node: int = 1) -> list[tuple[str, ...]]:
        port, password = self._stack.ports.galera_sql(node), self._stack.password
        with (
            pymysql.connect(
                host=HOST, port=port, user=USER, password=password, autocommit=True, charset="utf8mb4"
            ) as link,
            link.cursor() as cursor,
        ):
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def fill(self, *words: str) -> None:
        self.ask(f"CREATE TABLE IF NOT EXISTS {DATABASE}.word (id INT AUTO_INCREMENT PRIMARY KEY, word TEXT)")
        self.ask(f"CREATE TABLE IF NOT EXISTS {DATABASE}.hollow (id INT PRIMARY KEY)")
        for word in words:
            self.ask(f"INSERT INTO {DATABASE}.word (word) VALUES (%s)", word)  # noqa: S608
        # The last node, which is dumped, answers once it has applied what the first was told.
        self.ask("SET STATEMENT wsrep_sync_wait = 1 FOR SELECT 1", node=3)

    def words(self) -> list[str]:
        return [word for (word,) in self.ask(f"SELECT word FROM {DATABASE}.word ORDER BY id")]  # noqa: S608

    def remove(self) -> None:
        self.ask(f"CREATE OR REPLACE DATABASE {DATABASE} {LETTERS}")


@pytest.fixture
def place(stack: RunningStack) -> Iterator[GaleraPlace]:
    place = GaleraPlace(stack)
    yield place
    place.ask(f"DROP DATABASE {DATABASE}")


copy = contract.copy
test_a_copy_counts_the_rows_of_each_table = contract.test_a_copy_counts_the_rows_of_each_table
test_what_was_lost_comes_back = contract.test_what_was_lost_comes_back
test_a_copy_is_tried_out_beside_what_is_there = contract.test_a_copy_is_tried_out_beside_what_is_there
test_nothing_is_brought_back_over_something_else = contract.test_nothing_is_brought_back_over_something_else
test_a_database_that_is_not_there_cannot_be_copied = (
    contract.test_a_database_that_is_not_there_cannot_be_copied
)
test_a_copy_that_was_cut_off_is_seen = contract.test_a_copy_that_was_cut_off_is_seen
