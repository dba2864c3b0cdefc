"""Copies of MariaDB databases by mariadb-dump in one transaction, brought back by the mariadb client."""

import gzip
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy import URL, make_url

from activities.ports.backup import Rows
from schema.database_address import one_each
from schema.failures import Failure, FailureType

# One INSERT a row, so that the rows of this very state are counted as they pass by.
DUMP = ("--single-transaction", "--quick", "--skip-lock-tables", "--skip-add-locks", "--skip-disable-keys",
        "--skip-add-drop-table", "--skip-extended-insert", "--no-autocommit", "--hex-blob", "--no-tablespaces",
        "--default-character-set=utf8mb4")  # fmt: skip
ROW = re.compile(rb"INSERT INTO `([^`]+)`")
TABLE = re.compile(rb"CREATE TABLE `([^`]+)`")
CONNECT_SECONDS = 5
NO_SUCH_DATABASE = "error: 1049:"
LETTERS = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"


class MariadbCopier:
    """Implements DatabaseCopier; `url_of` maps a database's name to its SQLAlchemy URL, of one or several hosts."""

    engine = "mariadb"
    suffix = "sql.gz"

    def __init__(self, url_of: Callable[[str], str]) -> None:
        self._url_of = url_of

    def copy(self, database: str, into: Path) -> Rows:
        """Dump from the last host that answers, where the product writes least. Raises NOT_FOUND, UNAVAILABLE."""
        troubles = []
        for url in reversed(self._servers(database)):
            try:
                return _dumped(url, into)
            except Failure as failure:
                if failure.type is not FailureType.UNAVAILABLE:
                    raise
                troubles.append(failure.message)
        raise Failure(FailureType.UNAVAILABLE, "; ".join(troubles))

    def restore(self, database: str, copy: Path) -> Rows:
        """Bring a copy back where no table is. Raises CONFLICT, UNAVAILABLE."""
        url = self._answering(database)
        if tables := _tables(url):
            what = (
                f"{url.database} has {len(tables)} tables; a copy is brought back into an empty database only"
            )
            raise Failure(FailureType.CONFLICT, what)
        return _loaded(url, copy)

    def try_out(self, database: str, copy: Path) -> Rows:
        """Bring it back into a database of its own, which goes afterwards. Raises INVALID, UNAVAILABLE."""
        url = self._answering(database)
        scratch = url.set(database=f"{url.database}_trial")
        server = url.set(database=None)
        _ask(
            server,
            f"DROP DATABASE IF EXISTS {scratch.database}; CREATE DATABASE {scratch.database} {LETTERS}",
        )
        try:
            return _loaded(scratch, copy)
        finally:
            _ask(server, f"DROP DATABASE {scratch.database}")

    def _servers(self, database: str) -> list[URL]:
        return [make_url(address) for address in one_each(self._url_of(database))]

    def _answering(self, database: str) -> URL:
        troubles = []
        for url in self._servers(database):
            try:
                _ask(url.set(database=None), "SELECT 1")
            except Failure as failure:
                troubles.append(failure.message)
            else:
                return url
        raise Failure(FailureType.UNAVAILABLE, "; ".join(troubles))


def _dumped(url: URL, into: Path) -> Rows:
    with _options(url) as options:
        command = ("mariadb-dump", options, *DUMP, url.database or "")
        with _started(command) as process, gzip.open(into, "wb") as packed:
            rows = _written(process.stdout or (), cast(BinaryIO, packed))
            said = process.communicate()[1].decode(errors="replace").strip()
    if process.returncode:
        kind = FailureType.NOT_FOUND if NO_SUCH_DATABASE in said else FailureType.UNAVAILABLE
        raise Failure(kind, f"mariadb-dump of {url.database} at {url.host}:{url.port} failed: {said}")
    return rows


def _written(lines: Iterable[bytes], packed: BinaryIO) -> Rows:
    rows: Counter[str] = Counter()
    for line in lines:
        packed.write(line)
        if found := ROW.match(line):
            rows[found[1].decode()] += 1
        elif found := TABLE.match(line):
            rows[found[1].decode()] += 0
    return dict(rows)


def _loaded(url: URL, copy: Path) -> Rows:
    try:
        with gzip.open(copy, "rb") as packed:
            _ask(url, cast(BinaryIO, packed))
    except (OSError, EOFError) as error:
        raise Failure(FailureType.INVALID, f"{copy} cannot be unpacked: {error}") from error
    return {table: int(_ask(url, f"SELECT COUNT(*) FROM `{table}`")) for table in _tables(url)}  # noqa: S608


def _tables(url: URL) -> list[str]:
    return _ask(url, "SHOW TABLES").split()


def _ask(url: URL, words: str | BinaryIO) -> str:
    with _options(url) as options:
        command = (
            "mariadb",
            options,
            "--batch",
            "--skip-column-names",
            *((url.database,) if url.database else ()),
        )
        with _started(command) as process:
            answer, said = _told(process, words)
    if process.returncode:
        what = f"{url.database or 'the server'} at {url.host}:{url.port}: {said.decode(errors='replace').strip()}"
        raise Failure(FailureType.UNAVAILABLE, what)
    return answer.decode()


def _told(process: subprocess.Popen[bytes], words: str | BinaryIO) -> tuple[bytes, bytes]:
    if isinstance(words, str):
        return process.communicate(words.encode())
    if process.stdin is not None:
        with suppress(BrokenPipeError):  # it has ended, and says why
            shutil.copyfileobj(words, process.stdin)
    return process.communicate()


@contextmanager
def _started(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except FileNotFoundError as error:
        what = f"{command[0]} is not installed; on Debian, as root: apt-get install mariadb-client"
        raise Failure(FailureType.UNAVAILABLE, what) from error
    with process:
        yield process


@contextmanager
def _options(url: URL) -> Iterator[str]:
    """A file that only this account can read: a password on the command line is seen by everyone."""
    values = {"host": url.host, "port": url.port or 3306, "user": url.username, "password": url.password}
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".cnf") as file:
        file.write(f"[mariadb-client]\nconnect-timeout={CONNECT_SECONDS}\n[client]\nprotocol=TCP\n")
        for name, value in values.items():
            quoted = str(value or "").replace("\\", "\\\\").replace('"', '\\"')
            file.write(f'{name}="{quoted}"\n')
        file.flush()
        yield f"--defaults-file={file.name}"
