"""WebHDFS, one operation at a time: the blocking `hdfs` client in a bounded number of threads, its errors translated.

Several name nodes may be given: the client asks them in turn until one is active.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import requests
from hdfs import HdfsError, InsecureClient
from hdfs.client import _Request
from urllib3.exceptions import HTTPError

from schema.failures import Failure, FailureType

# It would print each operation, and each missed name node, beside what we say ourselves.
logging.getLogger("hdfs.client").setLevel(logging.ERROR)

THREADS = 8
CONNECT_SECONDS, READ_SECONDS = 5.0, 60.0
READ_PAUSES = (0.2, 0.5, 1.0, 2.0)  # seconds between attempts: another data node has the block too
T = TypeVar("T")


class HdfsAway(Failure):
    """HDFS, or the node that was asked, is away or busy; the same call may succeed in a moment."""

    def __init__(self, message: str) -> None:
        super().__init__(FailureType.UNAVAILABLE, message)


@dataclass(frozen=True, slots=True)
class HdfsFile:
    """A file or folder as the name node knows it; `name` is empty for the one that was asked for."""

    name: str
    size: int
    is_folder: bool
    changed_at: datetime


class WebHdfs:
    """Paths are absolute; every method raises Failure, an HdfsAway where another attempt may help."""

    def __init__(self, urls: str, user: str, *, threads: int = THREADS) -> None:
        session = requests.Session()
        session.trust_env = False  # no proxy between us and the cluster
        for scheme in ("http://", "https://"):
            session.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=threads))
        self._urls, self._user = urls, user
        self._client = _Client(
            ";".join(url.strip() for url in urls.split(",")),
            user=user,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            session=session,
        )
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="hdfs")

    async def create(self, path: str, data: bytes, block_size: int) -> None:
        """Write a file anew, whatever was there."""
        await self._run(
            path, lambda: self._client.write(path, data=data, overwrite=True, blocksize=block_size)
        )

    async def append(self, path: str, data: bytes) -> None:
        """Add to a file."""
        await self._run(path, lambda: self._client.write(path, data=data, append=True))

    async def truncate(self, path: str, size: int) -> None:
        """Cut to this length, which closes it for whoever wrote to it; HDFS may need a moment afterwards."""
        await self._run(path, lambda: self._client._truncate(path, newlength=size))

    async def status(self, path: str) -> HdfsFile | None:
        """None where there is nothing."""
        try:
            return _file(await self._read(path, lambda: self._client.status(path)))
        except Failure as failure:
            if failure.type in {FailureType.NOT_FOUND, FailureType.INVALID}:
                return None
            raise

    async def children(self, path: str) -> Sequence[HdfsFile]:
        """What stands in a folder; nothing when it is gone."""
        try:
            found = await self._read(path, lambda: self._client._list_status(path).json())
        except Failure as failure:
            if failure.type is FailureType.NOT_FOUND:
                return []
            raise
        return [_file(one) for one in found["FileStatuses"]["FileStatus"]]

    async def read(self, path: str, start: int, length: int | None) -> bytes:
        """A range; what lies beyond the end is not there."""
        data: bytes = await self._read(path, lambda: self._read_now(path, start, length))
        return data

    async def checksum(self, path: str) -> tuple[str, str]:
        """Algorithm and value (hexadecimal)."""
        found = await self._read(path, lambda: self._client.checksum(path))
        return found["algorithm"], found["bytes"]

    async def rename(self, path: str, to: str) -> None:
        """In one step, in place of whatever file stands there. Raises NOT_FOUND also for a missing folder."""
        await self._run(path, lambda: self._client._rename(path, destination=to, renameoptions="OVERWRITE"))

    async def make_folder(self, path: str) -> None:
        """With those above it."""
        await self._run(path, lambda: self._client.makedirs(path))

    async def remove(self, path: str) -> None:
        """One file; one that is gone is no error."""
        try:
            await self._run(path, lambda: self._client.delete(path))
        except Failure as failure:
            if failure.type is not FailureType.NOT_FOUND:
                raise

    def _read_now(self, path: str, start: int, length: int | None) -> bytes:
        """The name node may go on naming a data node that is away for minutes; then each replica is asked by itself."""
        try:
            return self._open(path, start, length)
        except requests.ConnectionError as error:
            trouble = error
        nodes = self._replicas(path, start)
        for node in nodes:
            try:
                return self._open(path, start, length, others=[other for other in nodes if other != node])
            except requests.ConnectionError as error:
                trouble = error
        raise trouble

    def _open(self, path: str, start: int, length: int | None, others: Sequence[str] = ()) -> bytes:
        excluded = ",".join(others) or None
        try:
            answer = self._client._open(path, offset=start, length=length, excludedatanodes=excluded)
            with answer:
                data: bytes = answer.content
                return data
        except HdfsError as error:
            if any(said in str(error.message) for said in BEYOND_THE_END):
                return b""
            raise

    def _replicas(self, path: str, start: int) -> Sequence[str]:
        found = self._client._get_file_block_locations(path, offset=start, length=1).json()
        blocks = found["BlockLocations"]["BlockLocation"]
        return blocks[0]["names"] if blocks else ()

    async def _read(self, path: str, call: Callable[[], Any]) -> Any:
        for pause in READ_PAUSES:
            try:
                return await self._run(path, call)
            except HdfsAway:
                await asyncio.sleep(pause)
        return await self._run(path, call)

    async def _run(self, path: str, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, partial(self._translated, path, call)
        )

    def _translated(self, path: str, call: Callable[[], T]) -> T:
        try:
            return call()
        except HdfsError as error:
            raise self._failure(path, error) from error
        except (KeyError, requests.exceptions.JSONDecodeError) as error:
            what = (
                f"what answers at {self._urls} is no WebHDFS: look at HDFS_URL (the name node's HTTP address)"
            )
            raise Failure(FailureType.UNAVAILABLE, what) from error
        except (requests.RequestException, HTTPError, OSError) as error:
            raise HdfsAway(f"HDFS at {self._urls} does not answer: {_cause(error)}") from error

    def _failure(self, path: str, error: HdfsError) -> Failure:
        said = str(error.message).partition("\n")[0]
        if "is not a directory" in said or "must both be directories" in said or "Path is not a dir" in said:
            what = f"{path} is a folder or lies below an object; an object needs a name of its own"
            return Failure(FailureType.INVALID, what)
        if error.exception == "FileNotFoundException":
            return Failure(FailureType.NOT_FOUND, f"there is no object {path}: {said}")
        if error.exception in REFUSALS or error.exception is None:
            what = f"HDFS at {self._urls} refuses {path} to user {self._user}: {said}; look at HDFS_USER and HDFS_ROOT"
            return Failure(FailureType.UNAVAILABLE, what)
        return HdfsAway(f"HDFS at {self._urls} cannot do that with {path} now: {error.exception}: {said}")


BEYOND_THE_END = ("out of the range", "Cannot seek after EOF")
REFUSALS = ("AccessControlException", "SecurityException", "AuthorizationException", "InvalidToken")


class _Client(InsecureClient):  # type: ignore[misc]
    """The package's client with the operations that it leaves out."""

    _truncate = _Request("POST")
    _get_file_block_locations = _Request("GET")


def _cause(error: Exception) -> str:
    """Without the address and the words that the HTTP library wraps around it."""
    return str(error).rpartition("Caused by ")[2][:300]


def _file(said: dict[str, Any]) -> HdfsFile:
    changed_at = datetime.fromtimestamp(said["modificationTime"] / 1_000, UTC)
    return HdfsFile(said["pathSuffix"], said["length"], said["type"] == "DIRECTORY", changed_at)
