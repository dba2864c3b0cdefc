"""What must hold of sessions and repositories under load, kills and migrations, on Galera."""

from tests.stack.galera.again import taken_from

SUITES = ("contention", "data_purge", "migrate", "relay", "session", "survival")

globals().update(taken_from(*(f"tests.db.test_{suite}" for suite in SUITES)))
