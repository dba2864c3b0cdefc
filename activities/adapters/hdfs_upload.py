"""One upload into HDFS: pieces appended to a file nobody reads yet, resumed where a connection broke off, then checked.

A piece that did not arrive whole is not sent again from its beginning. HDFS is asked how much of the file it
has, the file is cut to that length (which also takes it away from a writer that died), and the rest follows.
"""

import asyncio
import time
from datetime import timedelta

from activities.adapters.hdfs_digest import HdfsDigest
from activities.adapters.web_hdfs import HdfsAway, WebHdfs
from schema.failures import Failure, FailureType

BLOCK_SIZE = 128 * 2**20  # HDFS's default, said with each file because the checksum depends on it
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0  # seconds
READ_BACK = 8 * 2**20
TRIES_BEFORE_ANEW = 6  # a first piece that somebody else seems to write to is written anew


class Upload:
    """Into the file at `path`; `patience` is how long it waits for HDFS to come back, for each piece."""

    def __init__(self, web: WebHdfs, path: str, patience: timedelta, block_size: int = BLOCK_SIZE) -> None:
        self._web = web
        self.path = path
        self._patience = patience
        self._block_size = block_size
        self._digest = HdfsDigest(block_size)
        self._is_made = False

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self._digest.size

    async def add(self, piece: bytes) -> None:
        """Returns once HDFS has the piece. Raises UNAVAILABLE when patience ends."""
        start = at = self.size
        await asyncio.to_thread(self._digest.update, piece)
        waiting = Waiting(self._patience)
        while at < self.size or not self._is_made:
            try:
                await self._send(piece[at - start :])
                at = self.size
            except HdfsAway as trouble:
                await waiting.pause(trouble)
                at = await self._reached(start, waiting)

    async def check(self) -> None:
        """Length and checksum, in HDFS and as sent. Raises UNAVAILABLE when they differ."""
        found = await self._web.status(self.path)
        if found is None or found.size != self.size:
            there = "nothing" if found is None else f"{found.size} bytes"
            raise Failure(FailureType.UNAVAILABLE, f"of {self.size} bytes, HDFS has {there} in {self.path}")
        if not await self._agrees(self.path):
            await self._read_back(self.path)

    async def is_at(self, path: str) -> bool:
        """Whether what stands there is what was sent. Raises UNAVAILABLE for other bytes of the same length."""
        found = await self._web.status(path)
        if found is None or found.is_folder or found.size != self.size:
            return False
        if not await self._agrees(path):
            await self._read_back(path)
        return True

    async def _agrees(self, path: str) -> bool:
        """False also where no data node tells a checksum: reading is another matter, it asks each of them."""
        try:
            return not self.size or self._digest.agrees(*await self._web.checksum(path))
        except HdfsAway:
            return False

    async def _send(self, piece: bytes) -> None:
        if self._is_made:
            await self._web.append(self.path, piece)
        else:
            await self._web.create(self.path, piece, self._block_size)
            self._is_made = True

    async def _reached(self, start: int, waiting: "Waiting") -> int:
        """How much is in the file for certain, once nobody else writes to it; at least `start`.

        Until the data node has seen that we are gone, HDFS refuses to cut the file and may call it empty.
        """
        while True:
            try:
                found = await self._web.status(self.path)
                if start == 0 and (found is None or waiting.tries > TRIES_BEFORE_ANEW):
                    self._is_made = False
                    return 0
                if found is None:
                    what = f"{self.path} is gone while it is written; put it again"
                    raise Failure(FailureType.UNAVAILABLE, what)
                if found.size >= start:
                    reached = min(found.size, self.size)
                    await self._web.truncate(self.path, reached)
                    self._is_made = True
                    return reached
                await waiting.pause(HdfsAway(f"HDFS has not closed {self.path} yet"))
            except HdfsAway as trouble:
                await waiting.pause(trouble)

    async def _read_back(self, path: str) -> None:
        """For clusters whose checksums are of another kind, and before anything is called broken."""
        found = HdfsDigest(self._block_size)
        while found.size < self.size:
            piece = await self._web.read(path, found.size, READ_BACK)
            if not piece:
                break
            found.update(piece)
        if (found.size, found.crc) != (self.size, self._digest.crc):
            crcs = f"CRC-32C {found.crc:08x}, not {self._digest.crc:08x}"
            what = f"{path} reads with other bytes than were sent ({crcs}); put it again"
            raise Failure(FailureType.UNAVAILABLE, what)


class Waiting:
    """Pauses that grow, until patience ends."""

    def __init__(self, patience: timedelta) -> None:
        self._until = time.monotonic() + patience.total_seconds()
        self._pause = FIRST_PAUSE
        self.tries = 0

    async def pause(self, trouble: HdfsAway) -> None:
        """Wait a little. Raises the trouble when there is no more time."""
        if time.monotonic() + self._pause > self._until:
            raise trouble
        self.tries += 1
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
