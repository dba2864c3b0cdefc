"""What an operator is told when a database cannot be used: which, why, and what to do; never its password."""

from sqlalchemy.exc import DBAPIError

from schema.db.engine import urls_of
from schema.db.server import number_of

_NO_RIGHT, _WRONG_ACCOUNT, _NO_DATABASE, _CANNOT_CONNECT = {1044}, {1045, 1698}, {1049}, {2002, 2003}


class DatabaseTrouble(Exception):
    """A database that cannot be used; the message is for an operator."""


def trouble_of(address: str, error: DBAPIError) -> DatabaseTrouble:
    """The trouble with a schema's address in words."""
    url, number = urls_of(address)[0], number_of(error.orig)
    said = (
        str(error.orig.args[-1]) if error.orig is not None and error.orig.args else type(error.orig).__name__
    )
    if number in _NO_DATABASE | _NO_RIGHT:
        what = (
            f"create database {url.database} and give it to account {url.username}, or correct DATABASE_URL"
        )
    elif number in _WRONG_ACCOUNT:
        what = f"correct the password of account {url.username}, or the account, in DATABASE_URL"
    elif number in _CANNOT_CONNECT:
        what = "start the database, or correct the hosts in DATABASE_URL"
    else:
        what = "look at the database's log"
    return DatabaseTrouble(f"database {url.database} cannot be used: {said}. Now {what}")
