"""Migrations through several nodes at once, and what an operator is told of a wrong address."""

import multiprocessing
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from schema.db.migrate import blocking_engine, check, connected, migrate
from schema.db.migration_lease import LeaseLost, MigrationLease, Rhythm
from schema.db.trouble import DatabaseTrouble
from tests.stack.galera.cluster import Cluster

QUICK = Rhythm(beat=timedelta(milliseconds=200), dead_after=timedelta(seconds=2))


def test_processes_at_different_nodes_migrate_one_after_the_other(
    cluster: Cluster, empty: Callable[[str], str]
) -> None:
    spawn = multiprocessing.get_context("spawn")
    through = [Cluster(cluster.stack, "empty").addresses([node]) for node in (1, 2, 3)]
    started = [spawn.Process(target=migrate, args=(addresses,)) for addresses in through]

    for process in started:
        process.start()
    for process in started:
        process.join(180)

    assert [process.exitcode for process in started] == [0, 0, 0]
    with connected(empty("analytics")) as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_the_lease_of_a_process_that_died_is_taken_over(cluster: Cluster, pattern: str) -> None:
    one, two = (blocking_engine(cluster.addresses([node])("users")) for node in (1, 2))
    waited = 0.0

    def migrate_silently() -> None:
        nonlocal waited
        with MigrationLease(one, Rhythm(beat=timedelta(hours=1))).held():
            began = time.monotonic()
            with MigrationLease(two, QUICK).held():
                waited = time.monotonic() - began

    with pytest.raises(LeaseLost, match="_users"):
        migrate_silently()
    assert waited >= QUICK.dead_after.total_seconds()


def test_a_lease_that_is_renewed_is_waited_for(cluster: Cluster, pattern: str) -> None:
    one, two = (blocking_engine(cluster.addresses([node])("users")) for node in (1, 2))
    spawn = multiprocessing.get_context("fork")
    taken = spawn.Event()

    def take() -> None:
        with MigrationLease(two, QUICK).held():
            taken.set()

    with MigrationLease(one, QUICK).held():
        waiting = spawn.Process(target=take)
        waiting.start()
        assert not taken.wait(2 * QUICK.dead_after.total_seconds())
    waiting.join(30)

    assert taken.is_set()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("stack-only", "no-such-word"), ("Access denied", "correct the password of account proctorwise")),
        (
            ("proctorwise_t", "proctorwise_nowhere_t"),
            ("Unknown database", "create database proctorwise_nowhere_t"),
        ),
    ],
)
def test_a_wrong_address_is_told_in_words(
    cluster: Cluster, wrong: tuple[str, str], told: tuple[str, str]
) -> None:
    addresses = cluster.addresses()

    with pytest.raises(DatabaseTrouble) as trouble:
        check(lambda schema: addresses(schema).replace(*wrong))

    assert all(part in str(trouble.value) for part in (f"127.0.0.1:{cluster.port(1)}", *told))
    assert not any(word in str(trouble.value) for word in (cluster.stack.password, "no-such-word"))


def test_hosts_that_do_not_answer_are_each_named(cluster: Cluster) -> None:
    with pytest.raises(
        DatabaseTrouble, match=r"127.0.0.1:1: .*refused.*; 127.0.0.1:2: .*start the database"
    ) as trouble:
        check(lambda schema: f"mysql+aiomysql://proctorwise:secret@127.0.0.1:1,127.0.0.1:2/{schema}")

    assert "secret" not in str(trouble.value)


def test_one_host_that_does_not_answer_does_not_matter(cluster: Cluster) -> None:
    engine = blocking_engine(cluster.addresses([1])("users").replace("@", "@127.0.0.1:1,"))

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT @@port")) == cluster.port(1)
