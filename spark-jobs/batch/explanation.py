"""Ends a job that cannot do its work with one sentence, instead of Java's stack traces."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JError, Py4JJavaError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException
from sqlalchemy.exc import DBAPIError

from batch.trouble import Trouble
from schema.failures import Failure

LONGEST = 500  # characters of what Java said


@contextmanager
def explained(job: str) -> Iterator[None]:
    """End the process with code 1 and a sentence for whatever comes from outside; bugs keep their traceback."""
    try:
        yield
    except (Trouble, Failure, DBAPIError, PySparkException, Py4JError) as error:
        sys.exit(f"{job}: {_sentence(error)}")


def _sentence(error: Exception) -> str:
    if isinstance(error, Trouble):
        return str(error)
    if isinstance(error, Failure | DBAPIError):
        said = error.orig if isinstance(error, DBAPIError) else error
        return (
            f"the analytics database (DATABASE_URL) does not take the result: {said}; nothing of it was kept"
        )
    return f"Spark could not finish, run it again once this is mended: {_deepest(error)}"


def _deepest(error: Exception) -> str:
    """The last cause, without the trace."""
    if isinstance(error, Py4JJavaError):
        cause = error.java_exception
        while cause.getCause() is not None:
            cause = cause.getCause()
        return str(cause.toString()).splitlines()[0][:LONGEST]
    causes = [
        line for line in str(error).splitlines() if line.strip() and not line.startswith(("\tat", "  at"))
    ]
    named = [line.strip() for line in causes if "Caused by:" in line]
    return (named[-1] if named else causes[0] if causes else type(error).__name__)[:LONGEST]
