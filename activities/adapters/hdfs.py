"""The object store on HDFS, over WebHDFS: one file per object below a root."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from activities.adapters.hdfs_upload import BLOCK_SIZE, Upload, Waiting
from activities.adapters.object_name import checked
from activities.adapters.web_hdfs import HdfsAway, HdfsFile, WebHdfs
from activities.ports import StoredObject
from schema.failures import Failure, FailureType

LOG = logging.getLogger(__name__)
PARTIAL = ".partial"  # a name that no object can have, and that Hadoop's readers pass over
PIECE = 8 * 2**20  # bytes of a stream that are in memory at once
# Longer than HDFS waits for a data node that died while it wrote (60 s).
PATIENCE = timedelta(seconds=90)


class HdfsStore:
    """Implements ObjectStore. A write is a file in a hidden folder, checked, then renamed: whole or not at all.

    `patience` is how long a write waits for HDFS to come back before it fails with UNAVAILABLE.
    """

    def __init__(
        self,
        urls: str,
        user: str,
        root: str,
        *,
        patience: timedelta = PATIENCE,
        block_size: int = BLOCK_SIZE,
    ) -> None:
        self._web = WebHdfs(urls, user)
        self._root = "/" + root.strip("/")
        self._patience = patience
        self._block_size = block_size

    async def put(self, name: str, data: bytes | AsyncIterator[bytes]) -> StoredObject:
        """Write or replace an object. Raises INVALID for a name that is none, UNAVAILABLE while HDFS is away."""
        target = self._path(name)
        upload = Upload(self._web, self._below(f"{PARTIAL}/{uuid4().hex}"), self._patience, self._block_size)
        try:
            async for piece in _pieces(data):
                await upload.add(piece)
            await self._patiently(upload.check)
            await self._patiently(lambda: self._move(upload, target))
        except Exception:
            with contextlib.suppress(Failure):  # `sweep` finds it later
                await self._web.remove(upload.path)
            raise
        return StoredObject(name, upload.size)

    async def get(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        """Read a range; what lies beyond the end is not there. Raises NOT_FOUND, UNAVAILABLE while HDFS is away."""
        path = self._path(name)
        if length == 0:
            if await self.stat(name) is None:
                raise Failure(
                    FailureType.NOT_FOUND,
                    "there is no such object; go back and choose it again",
                    object_id=name,
                )
            return b""
        return await self._web.read(path, start, length)

    async def stat(self, name: str) -> StoredObject | None:
        """Size, or None."""
        found = await self._web.status(self._path(name))
        return None if found is None or found.is_folder else StoredObject(name, found.size)

    async def list(self, prefix: str) -> Sequence[StoredObject]:
        """All objects below a folder, or the one of this name, by name. An empty prefix lists everything."""
        start = checked(prefix.rstrip("/")) if prefix else ""
        top = await self._web.status(self._below(start))
        if top is None:
            return []
        if not top.is_folder:
            return [StoredObject(start, top.size)]
        return sorted(await self._walk(start), key=lambda found: found.name.split("/"))

    async def delete(self, name: str) -> None:
        """Remove; one that is gone is no error. Empty folders stay: somebody may be about to write there."""
        path = self._path(name)
        found = await self._web.status(path)
        if found is not None and not found.is_folder:
            await self._web.remove(path)

    async def sweep(self, age: timedelta) -> int:
        """Remove what writes that broke off left behind and nobody touched for this long; how many they were."""
        before = datetime.now(UTC) - age
        left = [file for file in await self._web.children(self._below(PARTIAL)) if file.changed_at <= before]
        for file in left:
            await self._web.remove(self._below(f"{PARTIAL}/{file.name}"))
        if left:
            LOG.warning("%s writes to HDFS had broken off; what they left is removed", len(left))
        return len(left)

    async def _patiently(self, step: Callable[[], Awaitable[None]]) -> None:
        waiting = Waiting(self._patience)
        while True:
            try:
                return await step()
            except HdfsAway as trouble:
                await waiting.pause(trouble)

    async def _move(self, upload: Upload, target: str) -> None:
        """Rename; an answer that got lost the last time is not taken for a failure."""
        try:
            await self._web.rename(upload.path, target)
        except Failure as failure:
            if failure.type is FailureType.INVALID:
                what = f"{target} is a folder or lies below an object; an object needs a name of its own"
                raise Failure(FailureType.INVALID, what) from failure
            if failure.type is not FailureType.NOT_FOUND:
                raise
            if await self._web.status(upload.path) is not None:
                await self._web.make_folder(target.rpartition("/")[0])
                await self._web.rename(upload.path, target)
            elif not await upload.is_at(target):
                what = f"{target} was written and is gone; write it again"
                raise Failure(FailureType.UNAVAILABLE, what) from failure

    async def _walk(self, folder: str) -> Sequence[StoredObject]:
        inside = [
            file for file in await self._web.children(self._below(folder)) if not file.name.startswith(".")
        ]
        objects = [StoredObject(_join(folder, file), file.size) for file in inside if not file.is_folder]
        folders = [_join(folder, file) for file in inside if file.is_folder]
        for found in await asyncio.gather(*(self._walk(one) for one in folders)):
            objects.extend(found)
        return objects

    def _path(self, name: str) -> str:
        return self._below(checked(name))

    def _below(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}".rstrip("/") or "/"


def _join(folder: str, file: HdfsFile) -> str:
    return f"{folder}/{file.name}" if folder else file.name


async def _pieces(data: bytes | AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """At least one, and of a stream as large as may be in memory."""
    if isinstance(data, bytes):
        yield data
        return
    gathered, size = [b""], 0
    async for piece in data:
        gathered.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)
