"""A pack on this node's disk; every call blocks, so the spool makes them from threads."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from schema import pack
from schema.salvage import Salvaged, salvage

_PIECES = 512  # buffers in one writev; the kernel takes at most 1,024


class Loss(StrEnum):
    """What became of a file that a node had begun."""

    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a file still held, and what happened to it beside a torn end."""

    entries: tuple[pack.IndexEntry, ...]
    loss: Loss | None = None


class PackFile:
    """Appends to one file; what `append` returned from is on the disk."""

    def __init__(self, path: Path, handle: int, size: int) -> None:
        self.path = path
        self.size = size
        self._handle = handle

    @classmethod
    def create(cls, path: Path, header: pack.PackHeader) -> Self:
        """A new file that holds a header, durable with its name."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
        made = cls(path, handle, 0)
        made.append([pack.encode_header(header)])
        sync_folder(path.parent)
        sync_folder(path.parent.parent)
        return made

    @classmethod
    def recover(cls, path: Path, header: pack.PackHeader, aside: Path) -> tuple[Self, Recovered]:
        """Open what a crash left behind, with every whole record; what follows the last one is cut, an index too.

        A torn end was never acknowledged: what was is synced. Where something else is damaged, the file as it was is
        kept in the folder `aside`, and one with the whole records takes its place.
        """
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return cls.create(path, header), Recovered((), Loss.MISSING)
        found = salvage(data)
        if _is_torn_only(data, found):
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            os.ftruncate(handle, found.end)
            os.fsync(handle)
            return cls(path, handle, found.end), Recovered(found.entries)
        _set_aside(path, aside)
        made = cls.create(path, header)
        made.append([data[entry.position : entry.end] for entry in found.entries])
        return made, Recovered(pack.scan(path.read_bytes()).entries, Loss.DAMAGED)

    def append(self, pieces: Sequence[bytes]) -> None:
        """Write and sync. Raises OSError, after which the file is as it was before."""
        try:
            size = self.size + _write(self._handle, pieces, self.size)
            os.fdatasync(self._handle)
        except OSError:
            os.ftruncate(self._handle, self.size)
            raise
        self.size = size

    def seal(self, entries: Sequence[pack.IndexEntry]) -> str:
        """Append the index; the whole file's SHA-256 in hexadecimal."""
        self.append([pack.encode_index(entries, self.size)])
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def close(self) -> None:
        """Give the handle back."""
        os.close(self._handle)


def _is_torn_only(data: bytes, found: Salvaged) -> bool:
    """Whether all that is not whole is an index, or the beginning of one, of a record or of the header, at the end."""
    if not found.damages:
        return True
    first = found.damages[0]
    if first.end != len(data) or (first.start == 0 and len(data) >= pack.HEADER_SIZE):
        return False
    tail, index = data[first.start :], pack.encode_index(found.entries, found.end)
    return (
        first.start == 0
        or tail.startswith(index)
        or index.startswith(tail)
        or pack.is_torn(data, first.start)
    )


def _set_aside(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, folder / path.name)
    sync_folder(folder)


def read_range(path: Path, start: int, length: int) -> bytes:
    """Part of a file. Raises FileNotFoundError."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(handle, length, start)
    finally:
        os.close(handle)


def read_index(path: Path) -> tuple[pack.IndexEntry, ...]:
    """The index of a sealed file. Raises FileNotFoundError, and INVALID when it is not sealed."""
    size = path.stat().st_size
    trailer = read_range(path, max(0, size - pack.TRAILER_SIZE), pack.TRAILER_SIZE)
    start, length = pack.index_span(trailer, size)
    return pack.decode_index(read_range(path, start, length))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(handle: int, pieces: Sequence[bytes], at: int) -> int:
    total = 0
    for first in range(0, len(pieces), _PIECES):
        batch = pieces[first : first + _PIECES]
        wanted = sum(map(len, batch))
        written = os.pwritev(handle, batch, at + total)
        if written < wanted:  # a full disk takes a part first
            rest = b"".join(batch)[written:]
            _write_rest(handle, rest, at + total + written)
        total += wanted
    return total


def _write_rest(handle: int, rest: bytes, at: int) -> None:
    while rest:
        written = os.pwrite(handle, rest, at)
        rest, at = rest[written:], at + written
