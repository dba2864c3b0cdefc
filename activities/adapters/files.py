"""The object store on local files: one file per object below a folder."""

import asyncio
import os
import stat
import time
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from activities.adapters.object_name import checked
from activities.ports import StoredObject
from schema.failures import Failure, FailureType

_PARTIAL = ".partial-"


class FileStore:
    """Implements ObjectStore. A write is a temporary file, synced and renamed: whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, name: str, data: bytes | AsyncIterator[bytes]) -> StoredObject:
        """Write or replace an object. Raises INVALID for a name that is none."""
        path = self._path(name)
        try:
            return StoredObject(name, await _put(path, data))
        except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
            what = f"{name} is a folder or lies below an object; an object needs a name of its own"
            raise Failure(FailureType.INVALID, what) from error

    async def get(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        """Read a range; what lies beyond the end is not there. Raises NOT_FOUND."""
        try:
            return await asyncio.to_thread(_read, self._path(name), start, length)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise Failure(
                FailureType.NOT_FOUND, "there is no such object; go back and choose it again", object_id=name
            ) from error

    async def stat(self, name: str) -> StoredObject | None:
        """Size, or None."""
        size = await asyncio.to_thread(_size, self._path(name))
        return None if size is None else StoredObject(name, size)

    async def list(self, prefix: str) -> Sequence[StoredObject]:
        """All objects below a folder, or the one of this name, by name. An empty prefix lists everything."""
        start = self._path(prefix.rstrip("/")) if prefix else self._folder
        return await asyncio.to_thread(self._below, start)

    async def delete(self, name: str) -> None:
        """Remove; one that is gone is no error. Empty folders stay: somebody may be about to write there."""
        path = self._path(name)
        await asyncio.to_thread(path.unlink, missing_ok=True)

    async def sweep(self, age: timedelta) -> int:
        """Remove what writes left behind whose process died this long ago or longer; how many they were."""
        return await asyncio.to_thread(self._sweep, time.time() - age.total_seconds())

    def _sweep(self, before: float) -> int:
        left = [path for path in self._folder.rglob(f"{_PARTIAL}*") if path.stat().st_mtime <= before]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _path(self, name: str) -> Path:
        return self._folder / checked(name)

    def _below(self, start: Path) -> Sequence[StoredObject]:
        found = [start] if start.is_file() else sorted(start.rglob("*"))
        return [
            StoredObject(path.relative_to(self._folder).as_posix(), size)
            for path in found
            if not path.name.startswith(_PARTIAL) and (size := _size(path)) is not None
        ]


def _size(path: Path) -> int | None:
    """None for a folder, and for what somebody has deleted since it was seen."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


async def _put(path: Path, data: bytes | AsyncIterator[bytes]) -> int:
    partial = path.with_name(f"{_PARTIAL}{uuid4().hex}")
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    try:
        size = await _write(partial, data)
        await asyncio.to_thread(_replace, partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return size


async def _write(path: Path, data: bytes | AsyncIterator[bytes]) -> int:
    size = 0
    with path.open("wb") as file:
        async for piece in _pieces(data):
            size += await asyncio.to_thread(file.write, piece)
        await asyncio.to_thread(_sync, file.fileno())
    return size


async def _pieces(data: bytes | AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    async for piece in data:
        yield piece


def _sync(descriptor: int) -> None:
    os.fsync(descriptor)


def _replace(partial: Path, path: Path) -> None:
    partial.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive the loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path, start: int, length: int | None) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read() if length is None else file.read(length)
